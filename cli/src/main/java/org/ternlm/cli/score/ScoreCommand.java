package org.ternlm.cli.score;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KvForm;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.Lines;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tern score`.
@Command(customSynopsis = "tern score [-m MODEL] [OPTIONS] [--file F]", footer = {
        "  echo '{\"text\":\"The sun is hot.\"}' | tern score",
        "  echo '{\"context\":\"The sun is\",\"continuation\":\" hot.\"}' | tern score",
        "  echo '{\"tokens\":[1,403,407,261,378]}' | tern score -m FOLDER",
        "  tern score --stats --file texts.jsonl > scores.jsonl   perplexity, speed",
        "", "A line of the output is {\"tokens\":[…],\"logprobs\":[…],\"sum\":…,\"greedy\":…}, with",
        "natural logarithms, and null for a token that has nothing before it. Of a pair",
        "the continuation is scored; an empty context is the token that starts a text."})
public final class ScoreCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--file", paramLabel = "F", description = "Reads JSON lines from a file instead of the input.")
    private @Nullable Path file;

    @Option(names = "--window", description = "Scores what is longer than the context: a text in windows that overlap by half, a pair with "
            + "its context cut from the left.")
    private boolean window;

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

    @Option(names = "--stats", description = "Tells on the error stream the perplexity, and what it took.")
    private boolean stats;

    // For whoever passes --json to every command.
    @SuppressWarnings("UnusedVariable")
    @Option(names = "--json", description = "Changes nothing: results are JSON lines always.")
    private boolean json;

    /// A scorer that writes to `console`.
    public ScoreCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        if (file == null && console.inputIsTerminal()) {
            throw new CommandException("no input", "such as: echo '{\"text\":\"The sun is hot.\"}' | tern score");
        }
        KvForm form = kv.form();
        try (Lines lines = lines();
                Tern tern = Tern.open(model.path(), new OpenOptions(threads.count(), head.form(),
                        nativeLibrary.choice()));
                Progress progress = Progress.of(console, "scoring", Unit.BYTES, file == null ? 0 : Files.size(file))) {
            int contextLength = context == null ? tern.config().contextLength() : context;
            RequestScorer scorer = new RequestScorer(tern, contextLength, window, form);
            long start = System.nanoTime();
            Perplexity perplexity = new Perplexity();
            for (String line = lines.next(); line != null; line = lines.next()) {
                if (!line.isBlank()) {
                    ScoredTokens scored = answer(scorer, line, lines.place());
                    perplexity.add(scored.score());
                    console.print(scored.json() + System.lineSeparator());
                }
                if (showsProgress()) {
                    progress.moveTo(lines.bytes());
                }
            }
            progress.close();
            if (stats) {
                print(console.error(), perplexity, (System.nanoTime() - start) / 1e9);
            }
            return ExitCode.OK;
        }
    }

    /// Not on a terminal that the results go to as well, nor into a log.
    private boolean showsProgress() {
        return file != null && console.errorIsTerminal() && !console.outputIsTerminal();
    }

    private Lines lines() throws IOException {
        return file == null
                ? new Lines(console.in(), "input")
                : new Lines(Files.newInputStream(file), file.toString());
    }

    private static ScoredTokens answer(RequestScorer scorer, String line, String place) {
        try {
            return scorer.score(ScoreRequest.parse(line));
        } catch (CommandException wrong) {
            throw new CommandException(place + ": " + wrong.getMessage(), wrong.hint(), wrong);
        }
    }

    private static void print(PrintStream out, Perplexity perplexity, double seconds) {
        out.println(String.format(Locale.ROOT, "scored        %,d tokens in %.1f s, %,.0f/s", perplexity.tokens(),
                seconds, perplexity.tokens() / seconds));
        if (perplexity.tokens() > 0) {
            out.println(String.format(Locale.ROOT, "loss          %.5f nats per token, perplexity %.4f",
                    perplexity.natsPerToken(), perplexity.value()));
        }
        out.flush();
    }
}
