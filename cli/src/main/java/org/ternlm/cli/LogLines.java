package org.ternlm.cli;

import java.io.PrintStream;
import java.text.MessageFormat;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/// What the library logs becomes a line like the program's own: `tern: warning: …`. The JDK finds this class as a service
/// and so leaves `java.util.logging` alone, with its dates, its configuration and the time that it takes to start.
public final class LogLines extends System.LoggerFinder {
    private final PrintStream target;

    /// For the JDK: lines go to the error stream.
    public LogLines() {
        this(System.err);
    }

    LogLines(PrintStream target) {
        this.target = target;
    }

    @Override
    public System.Logger getLogger(String name, Module module) {
        return new Lines(name, target);
    }

    /// Shows warnings and errors, and nothing below.
    private record Lines(String name, PrintStream target) implements System.Logger {
        @Override
        public String getName() {
            return name;
        }

        @Override
        public boolean isLoggable(Level level) {
            return level.getSeverity() >= Level.WARNING.getSeverity() && level != Level.OFF;
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String message,
                @Nullable Throwable problem) {
            if (isLoggable(level)) {
                target.println("tern: " + (level == Level.WARNING ? "warning" : "error") + ": " + message
                        + (problem == null ? "" : " (" + problem + ")"));
            }
        }

        @Override
        public void log(Level level, @Nullable ResourceBundle bundle, @Nullable String format,
                Object @Nullable... values) {
            boolean plain = format == null || values == null || values.length == 0;
            log(level, bundle, plain ? format : MessageFormat.format(format, values), (Throwable) null);
        }
    }
}
