package org.ternlm.cli.run;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.ternlm.cli.output.JsonText;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationEvent.Alternative;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.generate.GenerationStats;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.model.HeadForm;

/// What a run gave and what it took.
///
/// @param generation what was generated
/// @param loadNanos how long the model took to load
/// @param firstTokenAge the age of the process in seconds when it knew the first token
/// @param selection the kernels
/// @param threads how many computed
/// @param head what the output head is made of
/// @param sampling how tokens were drawn
/// @param choices each token with its alternatives; empty unless they were asked for
record RunReport(Generation generation, long loadNanos, OptionalDouble firstTokenAge, KernelSelection selection,
        int threads, HeadForm head, Sampling sampling, List<TokenChosen> choices) {

    RunReport {
        choices = List.copyOf(choices);
    }

    static RunReport of(Tern tern, Generation generation, Sampling sampling, RunCommand.Watch watch) {
        return new RunReport(generation, watch.loadNanos(), watch.firstTokenAge(), tern.selection(),
                tern.kernels().workers().parallelism(), tern.head(), sampling, watch.choices());
    }

    /// For a person, aligned.
    void print(PrintStream out) {
        GenerationStats stats = generation.stats();
        line(out, "load", "%.2f s".formatted(loadNanos / 1e9));
        line(out, "prompt", "%,d tokens%s".formatted(stats.promptTokens(), rate(stats.promptTokensPerSecond())));
        if (stats.generatedTokens() > 0) {
            line(out, "first token", "%.0f ms after loading%s".formatted(stats.firstTokenNanos() / 1e6,
                    firstTokenAge.isPresent()
                            ? ", %.0f ms after the start of tern".formatted(firstTokenAge.getAsDouble() * 1e3)
                            : ""));
        }
        line(out, "generated", "%,d tokens%s, ended by %s".formatted(stats.generatedTokens(),
                rate(stats.generatedTokensPerSecond()), generation.reason().jsonName()));
        line(out, "kernels", "%s, %d thread%s".formatted(kernels(), threads, threads == 1 ? "" : "s"));
        line(out, "head", head == HeadForm.FILE ? "as in the file" : head.optionName());
        if (sampling.temperature() > 0) {
            line(out, "seed", "%d (--seed %d repeats this text)".formatted(sampling.seed(), sampling.seed()));
        }
        out.flush();
    }

    private static void line(PrintStream out, String name, String value) {
        out.println(String.format(Locale.ROOT, "%-12s  %s", name, value));
    }

    private static String rate(double perSecond) {
        return perSecond == 0 ? "" : String.format(Locale.ROOT, perSecond < 100 ? ", %.1f/s" : ", %,.0f/s", perSecond);
    }

    private String kernels() {
        return selection.vectorBits() == 0
                ? selection.provider()
                : selection.provider() + ", " + selection.vectorBits() + " bits";
    }

    /// For a program.
    String json() throws IOException {
        return JsonText.object(json -> {
            JsonText.ints(json, "prompt_tokens", generation.promptTokens());
            JsonText.ints(json, "tokens", generation.tokens());
            json.writeStringField("text", generation.text());
            json.writeStringField("finish_reason", generation.reason().jsonName());
            if (!choices.isEmpty()) {
                writeChoices(json);
            }
            json.writeObjectFieldStart("stats");
            writeStats(json);
            json.writeEndObject();
        });
    }

    private void writeStats(JsonGenerator json) throws IOException {
        GenerationStats stats = generation.stats();
        json.writeNumberField("load_seconds", loadNanos / 1e9);
        json.writeNumberField("prompt_tokens", stats.promptTokens());
        json.writeNumberField("prompt_tokens_per_second", stats.promptTokensPerSecond());
        json.writeNumberField("first_token_seconds", stats.firstTokenNanos() / 1e9);
        if (firstTokenAge.isPresent()) {
            json.writeNumberField("first_token_seconds_after_start", firstTokenAge.getAsDouble());
        }
        json.writeNumberField("generated_tokens", stats.generatedTokens());
        json.writeNumberField("generated_tokens_per_second", stats.generatedTokensPerSecond());
        json.writeNumberField("total_seconds", stats.totalNanos() / 1e9);
        json.writeStringField("kernels", selection.provider());
        json.writeNumberField("vector_bits", selection.vectorBits());
        json.writeNumberField("threads", threads);
        json.writeStringField("head", head.optionName());
        json.writeNumberField("seed", sampling.seed());
    }

    private void writeChoices(JsonGenerator json) throws IOException {
        json.writeArrayFieldStart("logprobs");
        for (TokenChosen choice : choices) {
            json.writeStartObject();
            json.writeNumberField("token", choice.token());
            json.writeNumberField("logprob", choice.logProbability());
            json.writeArrayFieldStart("top");
            for (Alternative alternative : choice.alternatives()) {
                json.writeStartObject();
                json.writeNumberField("token", alternative.token());
                json.writeNumberField("logprob", alternative.logProbability());
                json.writeEndObject();
            }
            json.writeEndArray();
            json.writeEndObject();
        }
        json.writeEndArray();
    }
}
