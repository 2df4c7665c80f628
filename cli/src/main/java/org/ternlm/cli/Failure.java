package org.ternlm.cli;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.ExitCode;
import org.ternlm.command.OutputClosedException;
import org.ternlm.format.ModelFormatException;
import org.ternlm.hub.HubException;

/// How a command failed, for the user.
///
/// @param exitCode an [ExitCode]
/// @param line what went wrong, in one line; null where there is nothing to say
record Failure(int exitCode, @Nullable String line) {
    Failure {
        line = line == null ? null : oneLine(line);
    }

    /// What the user is told about an exception.
    static Failure of(Throwable problem) {
        return switch (problem) {
            case CommandException wrong -> badInput(withHint(message(wrong), wrong.hint()));
            case ModelFormatException wrong -> badInput(message(wrong));
            case HubException wrong -> new Failure(wrong.isTemporary() ? ExitCode.FAILED : ExitCode.BAD_INPUT,
                    withHint(message(wrong), wrong.hint()));
            case UncheckedIOException wrapped -> of(cause(wrapped));
            case ExecutionException wrapped when wrapped.getCause() != null -> of(cause(wrapped));
            case CompletionException wrapped when wrapped.getCause() != null -> of(cause(wrapped));
            case OutputClosedException closed -> new Failure(ExitCode.OUTPUT_CLOSED, null);
            case InterruptedException stopped -> new Failure(ExitCode.INTERRUPTED, null);
            case CancellationException stopped -> new Failure(ExitCode.INTERRUPTED, null);
            case ClosedByInterruptException stopped -> new Failure(ExitCode.INTERRUPTED, null);
            case IOException wrong -> ofFile(wrong);
            case OutOfMemoryError full -> new Failure(ExitCode.FAILED, withHint("out of memory: " + message(full),
                    "TERN_JAVA_OPTS=-Xmx8g gives the JVM 8 GB; a smaller --context needs less"));
            // Checks of values throw exactly this; its subclasses are mistakes in the program.
            case IllegalArgumentException wrong when wrong.getClass() == IllegalArgumentException.class
                    && wrong.getMessage() != null ->
                badInput(message(wrong));
            default -> new Failure(ExitCode.FAILED, withHint("unexpected failure: " + problem,
                    "--verbose shows where it came from"));
        };
    }

    private static Failure ofFile(IOException problem) {
        return switch (problem) {
            case NoSuchFileException missing -> badInput("no such file or folder: " + missing.getFile());
            case AccessDeniedException denied -> badInput("permission denied: " + denied.getFile());
            case FileSystemException wrong -> badInput(wrong.getReason() == null
                    ? message(wrong)
                    : wrong.getFile() + ": " + wrong.getReason());
            case FileNotFoundException missing -> badInput(message(missing));
            case IOException wrong when "Is a directory".equals(wrong.getMessage()) -> badInput(
                    "a folder was given where a file is needed");
            case IOException wrong when "Broken pipe".equals(wrong.getMessage()) -> new Failure(
                    ExitCode.OUTPUT_CLOSED, null);
            default -> new Failure(ExitCode.FAILED, withHint("input or output failed: " + message(problem),
                    "--verbose shows where it came from"));
        };
    }

    static Failure badInput(String line) {
        return new Failure(ExitCode.BAD_INPUT, line);
    }

    static String withHint(String message, @Nullable String hint) {
        return hint == null ? message : message + " (" + hint + ")";
    }

    private static String message(Throwable problem) {
        String message = problem.getMessage();
        return message == null ? problem.getClass().getSimpleName() : message;
    }

    private static Throwable cause(Throwable wrapper) {
        Throwable cause = wrapper.getCause();
        return cause == null ? new IllegalStateException(wrapper) : cause;
    }

    /// An exception's message may hold anything that a file held: it must neither break the line nor steer
    /// the terminal.
    private static String oneLine(String text) {
        StringBuilder clean = new StringBuilder(text.length());
        text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(clean::appendCodePoint);
        return clean.toString().strip();
    }
}
