package org.ternlm.options;

import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import picocli.CommandLine.Option;

/// How many threads compute.
public final class ThreadsOption {
    private static final int MOST = 1024;

    @Option(names = {"-t",
            "--threads"}, paramLabel = "N", description = "Threads that compute; without it, one for each processor.")
    private @Nullable Integer threads;

    /// The number of threads.
    ///
    /// @throws CommandException if it is impossible
    public int count() {
        if (threads == null) {
            return Math.min(MOST, Runtime.getRuntime().availableProcessors());
        }
        return check(threads);
    }

    /// That number of threads.
    ///
    /// @throws CommandException if it is impossible
    public static int check(int threads) {
        if (threads < 1 || threads > MOST) {
            throw new CommandException("--threads: expected 1 to %d, found %d".formatted(MOST, threads));
        }
        return threads;
    }
}
