package org.ternlm.compare.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.ternlm.command.ExitCode;

/// Tern as a process of its own, by its launcher.
///
/// @param launcher the launcher and what it needs in front of the arguments
/// @param stop asked once a second whether to end
public record LaunchedProgram(List<String> launcher, BooleanSupplier stop) implements Program {
    /// By this a training knows whom to end with, should that be killed.
    private static final String LAUNCHER_VARIABLE = "TERN_LAUNCHER";
    /// A training that is asked to end saves what it has.
    private static final long PATIENCE_SECONDS = 240;
    /// How shells count an end by SIGTERM: 128 + 15.
    private static final int TERMINATED = 143;

    public LaunchedProgram {
        launcher = List.copyOf(launcher);
    }

    @Override
    public Outcome run(List<String> prefix, List<String> arguments, Path log, Runnable tick) throws IOException {
        Path parent = log.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Path out = log.resolveSibling(log.getFileName() + ".out");
        Path errors = log.resolveSibling(log.getFileName() + ".log");
        List<String> words = new ArrayList<>(prefix);
        words.addAll(launcher);
        words.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(words).redirectOutput(out.toFile()).redirectError(errors.toFile());
        builder.environment().put(LAUNCHER_VARIABLE, Long.toString(ProcessHandle.current().pid()));
        long start = System.nanoTime();
        Process process = builder.start();
        // It must not wait for somebody at the terminal.
        process.getOutputStream().close();
        try {
            while (!process.waitFor(1, TimeUnit.SECONDS)) {
                if (stop.getAsBoolean()) {
                    end(process);
                }
                tick.run();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroy();
            throw new StoppedException();
        } finally {
            process.destroy();
        }
        if (stop.getAsBoolean() || process.exitValue() == ExitCode.INTERRUPTED || process.exitValue() == TERMINATED) {
            // Ctrl-C reaches both, and the program may have ended first: not by itself.
            throw new StoppedException();
        }
        return new Outcome(process.exitValue(), out, errors, (System.nanoTime() - start) / 1e9);
    }

    private static void end(Process process) throws InterruptedException {
        process.destroy();
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
        }
        throw new StoppedException();
    }
}
