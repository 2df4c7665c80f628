package org.ternlm.cli.convert;

import org.jspecify.annotations.Nullable;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.convert.Conversion;

/// Shows how far a conversion is: one part after the other.
final class ConversionProgress implements Conversion.Listener, AutoCloseable {
    private final Console console;
    private @Nullable Progress progress;

    ConversionProgress(Console console) {
        this.console = console;
    }

    @Override
    public void starts(String what, long weights) {
        close();
        progress = Progress.of(console, what, Unit.of("weights"), weights);
    }

    @Override
    public void advances(long weights) {
        if (progress != null) {
            progress.advance(weights);
        }
    }

    @Override
    public void close() {
        if (progress != null) {
            progress.close();
            progress = null;
        }
    }
}
