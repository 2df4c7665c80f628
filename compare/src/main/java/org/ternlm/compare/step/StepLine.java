package org.ternlm.compare.step;

import java.io.PrintStream;
import java.util.Locale;
import org.ternlm.command.Console;

/// The line on a terminal that tells what is being done, for how long already and, of a training, at which step. Elsewhere it
/// shows nothing: a log has one line for each step, at its end.
final class StepLine implements AutoCloseable {
    private static final String RETURN_AND_CLEAR = "\r\u001b[K";

    private final PrintStream stream;
    private final boolean isShown;
    private final int width;
    private final String label;
    private final long steps;
    private final long start = System.nanoTime();

    /// @param label what is being done
    /// @param steps of training; 0 where it trains nothing, or nobody knows how many
    StepLine(Console console, String label, long steps) {
        stream = console.error();
        isShown = console.errorIsTerminal();
        width = Math.max(20, console.width() - 1);
        this.label = label;
        this.steps = steps;
    }

    /// Draws the line anew.
    ///
    /// @param done steps of the training
    void show(long done) {
        if (isShown) {
            long seconds = (System.nanoTime() - start) / 1_000_000_000;
            String line = String.format(Locale.ROOT, "%s  %d:%02d%s", label, seconds / 60, seconds % 60, steps == 0
                    ? ""
                    : String.format(Locale.ROOT, ", step %,d of %,d", done, steps));
            stream.print(RETURN_AND_CLEAR + (line.length() <= width ? line : line.substring(0, width)));
            stream.flush();
        }
    }

    @Override
    public void close() {
        if (isShown) {
            stream.print(RETURN_AND_CLEAR);
            stream.flush();
        }
    }
}
