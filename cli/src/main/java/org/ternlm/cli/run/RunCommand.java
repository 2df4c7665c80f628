package org.ternlm.cli.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Interruption;
import org.ternlm.generate.FinishReason;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.SamplingOptions;
import org.ternlm.options.TextInput;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern run`.
@Command(customSynopsis = "tern run [-m MODEL] [OPTIONS] \"PROMPT\"", footer = {
        "  tern run \"Once upon a time\"                a story, another one each time",
        "  tern run --temperature 0 --stats \"The sun\" the likeliest one, and how fast",
        "  tern run --stop . --no-echo \"The dog was\"  the rest of a sentence",
        "  tern run --seed 7 -n 20 --json \"One day\"   for programs",
        "  echo \"Tom had a ball\" | tern run -m FOLDER prompt from a pipe, another model"})
public final class RunCommand implements Callable<Integer> {
    private static final String EXAMPLE = "tern run \"Once upon a time\"";

    private final Console console;

    @Parameters(paramLabel = "PROMPT", arity = "0..*", hideParamSyntax = true, description = "What the model continues; - or none reads the input.")
    private List<String> prompt = new ArrayList<>();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--file", paramLabel = "F", description = "The prompt from a file, without its last line break.")
    private @Nullable Path file;

    @Option(names = {"-n",
            "--max-tokens"}, paramLabel = "N", defaultValue = "256", description = "Generates at most N tokens. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends before this text. May be repeated.")
    private List<String> stop = new ArrayList<>();

    @Option(names = "--ignore-eos", description = "Goes on where the model would end.")
    private boolean ignoreEos;

    @Option(names = "--context", paramLabel = "N", description = "Uses a shorter context than the model has.")
    private @Nullable Integer context;

    @Mixin
    private KvOption kv = new KvOption();

    @Mixin
    private HeadOption head = new HeadOption();

    @Mixin
    private NativeOption nativeLibrary = new NativeOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--no-echo", description = "Prints the continuation without the prompt.")
    private boolean noEcho;

    @Option(names = "--json", description = "Prints one JSON object at the end.")
    private boolean json;

    @Option(names = "--logprobs", paramLabel = "N", defaultValue = "0", description = "With --json: log-probabilities, and those of the N likeliest tokens.")
    private int logprobs;

    @Option(names = "--stats", description = "Tells on the error stream what it took.")
    private boolean stats;

    @ArgGroup(validate = false, heading = "%n@|bold Sampling:|@%n")
    private SamplingOptions samplingOptions = new SamplingOptions();

    /// A run that writes to `console`.
    public RunCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        kv.form();
        Sampling sampling = samplingOptions.sampling();
        if (logprobs > 0 && !json) {
            throw new CommandException("--logprobs is for --json");
        }
        if (maxTokens < 1) {
            throw new CommandException("max tokens: expected at least 1, found " + maxTokens);
        }
        String text = TextInput.of(console, prompt, file, "prompt", EXAMPLE).withoutLastLineBreak();
        Watch watch = new Watch();
        try (Tern tern = Tern.open(model.path(), new OpenOptions(threads.count(), head.form(),
                nativeLibrary.choice()))) {
            watch.loaded();
            samplingOptions.checkTokens(tern.config().vocabularySize());
            GenerationRequest request = GenerationRequest.of(promptTokens(tern, text)).withMaxTokens(maxTokens)
                    .withSampling(sampling).withStopStrings(stop).withIgnoreEos(ignoreEos)
                    .withAlternatives(logprobs);
            return run(tern, text, request, watch);
        }
    }

    private int run(Tern tern, String text, GenerationRequest request, Watch watch) throws IOException {
        int contextLength = context == null ? tern.config().contextLength() : context;
        try (Session session = tern.session(contextLength, kv.form());
                Interruption interruption = Interruption.watch(session::cancel)) {
            if (request.prompt().length > contextLength) {
                throw new CommandException("the prompt has %d tokens, the context holds %d".formatted(
                        request.prompt().length, contextLength));
            }
            Generation generation = json ? session.generate(request, watch) : stream(session, text, request, watch);
            RunReport report = RunReport.of(tern, generation, request.sampling(), watch);
            if (json) {
                console.print(report.json() + System.lineSeparator());
            }
            if (stats) {
                if (console.outputIsTerminal()) {
                    console.error().println();
                }
                report.print(console.error());
            }
            return generation.reason() == FinishReason.CANCELLED ? ExitCode.INTERRUPTED : ExitCode.OK;
        }
    }

    private Generation stream(Session session, String text, GenerationRequest request, Watch watch) {
        TextStream stream = new TextStream(console);
        if (!noEcho) {
            stream.prompt(text);
        }
        Generation generation = session.generate(request, event -> {
            stream.add(event.text());
            watch.accept(event);
        });
        stream.end();
        return generation;
    }

    /// Something must stand before the first token: of an empty prompt, BOS.
    private static int[] promptTokens(Tern tern, String text) {
        int[] tokens = tern.tokenizer().encode(text, true);
        if (tokens.length > 0) {
            return tokens;
        }
        return new int[] {tern.bosId().orElseThrow(() -> new CommandException(
                "the prompt is empty, and this model has no token that starts a text", "such as: " + EXAMPLE))};
    }

    /// Notes what happens when.
    final class Watch implements Consumer<GenerationEvent> {
        private final long start = System.nanoTime();
        private final List<TokenChosen> choices = new ArrayList<>();
        private long loadNanos;
        private @Nullable OptionalDouble firstTokenAge;

        void loaded() {
            loadNanos = System.nanoTime() - start;
        }

        @Override
        public void accept(GenerationEvent event) {
            if (event instanceof TokenChosen chosen) {
                if (firstTokenAge == null && (stats || json)) {
                    firstTokenAge = ProcessAge.seconds();
                }
                if (logprobs > 0) {
                    choices.add(chosen);
                }
            }
        }

        long loadNanos() {
            return loadNanos;
        }

        OptionalDouble firstTokenAge() {
            return firstTokenAge == null ? OptionalDouble.empty() : firstTokenAge;
        }

        List<TokenChosen> choices() {
            return choices;
        }
    }
}
