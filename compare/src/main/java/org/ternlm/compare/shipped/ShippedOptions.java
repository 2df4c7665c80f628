package org.ternlm.compare.shipped;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// What `tern compare --shipped` takes, and what it does.
public final class ShippedOptions {
    private static final String PROMPT = "Once upon a time, there was a little girl named Lily.";
    private static final int STORIES = 60;
    private static final int ROUNDS = 9;

    @Option(names = "--shipped", description = "Compares the three models that tern brings along, within a minute, and trains nothing.")
    private boolean shipped;

    @Option(names = "--prompt", paramLabel = "TEXT", description = "With --shipped: what all three continue.")
    private @Nullable String prompt;

    @Option(names = "--seed", paramLabel = "N", description = "With --shipped: of their texts.")
    private @Nullable Long seed;

    @Option(names = "--json", description = "With --shipped: prints one JSON object.")
    private boolean json;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    /// Whether the shipped models are asked for.
    ///
    /// @throws CommandException if they are not, and something is given that is about them
    public boolean areAskedFor() {
        if (!shipped && (prompt != null || seed != null || json)) {
            throw new CommandException("--prompt, --seed and --json are about --shipped", "tern compare --shipped");
        }
        return shipped;
    }

    /// Compares them, and prints the result.
    ///
    /// @param home of the program
    /// @throws CommandException if a model is missing
    public void run(Path home, Console console) throws IOException {
        ShippedComparison.Request request = new ShippedComparison.Request(prompt == null ? PROMPT : prompt, seed == null
                ? 1
                : seed, STORIES, ROUNDS, threads.count());
        List<ShippedResult> results = new ShippedComparison(console, request).run(ShippedModel.below(home));
        if (json) {
            console.out().println(ShippedReport.json(request, results));
        } else {
            ShippedReport.lines(request, results).forEach(console.out()::println);
        }
        console.out().flush();
    }
}
