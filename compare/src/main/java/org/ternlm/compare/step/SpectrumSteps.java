package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Spectrum;
import org.ternlm.compare.config.Style;

/// One LLaMA in many precisions; the rounded one trained again; the packings of a ternary model.
///
/// @param experiment they belong to
/// @param spectrum what is wanted
record SpectrumSteps(Experiment experiment, Spectrum spectrum) {
    /// GGUF types of ternary weights, whose bits are counted.
    private static final List<String> PACKINGS = List.of("tq1_0", "tq2_0", "i2_s");

    List<Step> steps() {
        List<Step> steps = new ArrayList<>();
        spectrum.forms().forEach(form -> steps.add(form(form)));
        spectrum.retrainTokens().forEach(tokens -> steps.add(retrain(tokens)));
        return steps;
    }

    private Subject subject(Arm arm) {
        return new Subject(spectrum.set(), spectrum.size(), arm, experiment.seeds().getFirst());
    }

    private Map<String, String> about(String key, String value) {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("set", spectrum.set().configName());
        about.put("size", spectrum.size().name());
        about.put(key, value);
        return about;
    }

    private Step form(String form) {
        Subject llama = subject(Arm.LLAMA);
        return Step.of(Kind.FORM, "form-%s-%s-%s".formatted(spectrum.set().configName(), spectrum.size().name(), form),
                about(
                        "form", form),
                List.of(llama.step(Kind.TRAIN), PrepareStep.ID), form, desk -> {
                    Measuring measuring = new Measuring(experiment);
                    boolean isFile = form.equals("q4_0");
                    Path out = experiment.folder().resolve("models").resolve("form-" + form + (isFile ? ".gguf" : ""));
                    List<String> options = new ArrayList<>(form.equals("ternary")
                            ? List.of("--type", "autobitlinear", "--i-know", "--text", DocumentSplit.scoredText(
                                    experiment).toString())
                            : List.of("--type", form));
                    options.addAll(List.of("--embedding", form.equals("f32") ? "f32" : "f16"));
                    ObjectNode values = Measuring.values();
                    measuring.convert(desk, new ModelSteps(experiment).trained(llama), out, options, values);
                    measuring.score(desk, out, values);
                    values.set("bench", measuring.bench(desk, out));
                    return values;
                });
    }

    private Step retrain(long tokens) {
        Subject llama = subject(Arm.LLAMA);
        Subject b158 = subject(Arm.B158);
        TrainingSteps training = new TrainingSteps(experiment);
        String id = "retrain-%s-%s-%d".formatted(spectrum.set().configName(), spectrum.size().name(), tokens);
        long steps = experiment.recipe().steps(tokens);
        List<String> needs = new ArrayList<>(List.of(PrepareStep.ID, llama.step(Kind.TRAIN)));
        boolean given = spectrum.retrainRate().isPresent();
        if (!given) {
            needs.add(b158.step(Kind.TRAIN));
        }
        return new Step(Kind.RETRAIN, id, about("tokens", Long.toString(tokens)), needs, "%s %s %s".formatted(spectrum
                .retrainRate(), spectrum.turnShare(), tokens), steps, training.operations(spectrum.size(), steps),
                desk -> {
                    double rate = spectrum.retrainRate()
                            .orElseGet(() -> desk.needed(b158.step(Kind.TRAIN)).values().path(
                                    "rate").asDouble() / 2);
                    TrainingFile files = new TrainingFile(experiment);
                    Path file = files.write(
                            new TrainingFile.Run(id, Arm.B158, spectrum.size(), style(), experiment.seeds()
                                    .getFirst(), steps, OptionalDouble.of(rate)),
                            new ModelSteps(experiment).trained(llama), Math
                                    .round(spectrum.turnShare() * steps));
                    RunFolder folder = new RunFolder(files.folder(id));
                    ObjectNode values = TrainingSteps.trained(desk, file, folder, rate);
                    // Scored counts of tokens have the same name as trained ones.
                    values.set("trained_tokens", values.remove("tokens"));
                    new Measuring(experiment).score(desk, folder.weights(true), values);
                    return values;
                });
    }

    private Style style() {
        return experiment.style(spectrum.set(), Arm.LLAMA);
    }

    /// Bits a weight of a ternary model in each packing.
    static Step packings(Experiment experiment, Subject subject) {
        return Step.of(Kind.PACKINGS, subject.step(Kind.PACKINGS), subject.about(), List.of(subject.step(Kind.PACK)),
                PACKINGS.toString(), desk -> packings(experiment, subject, desk));
    }

    private static ObjectNode packings(Experiment experiment, Subject subject, Desk desk) throws IOException {
        ObjectNode values = Measuring.values();
        ObjectNode bits = values.putObject("bits_per_weight");
        ObjectNode refused = values.putObject("refused");
        Path model = new ModelSteps(experiment).packed(subject);
        JsonNode folder = desk.json(List.of("inspect", model.toString(), "--json"));
        bits.put("folder", bits(folder));
        values.set("trits", folder.path("trits").path("all"));
        values.set("layout", folder.path("memory").path("ternary_layout"));
        for (String type : PACKINGS) {
            Path out = experiment.folder().resolve("models").resolve("packing-" + type + ".gguf");
            Program.Outcome outcome = desk.start(List.of(),
                    List.of("convert", model.toString(), out.toString(), "--type",
                            type, "--force"));
            if (outcome.exitCode() == 0) {
                bits.put(type, bits(desk.json(List.of("inspect", out.toString(), "--json"))));
            } else {
                refused.put(type, Desk.lastWords(outcome).replaceFirst(" \\(exit code.*", ""));
            }
        }
        return values;
    }

    private static double bits(JsonNode inspected) {
        JsonNode linear = inspected.path("weights").path("linear");
        return 8 * linear.path("bytes").asDouble() / linear.path("number").asDouble();
    }
}
