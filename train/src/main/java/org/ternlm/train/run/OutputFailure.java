package org.ternlm.train.run;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;

/// What the user is told when the folder of a run cannot be written.
public final class OutputFailure {
    private OutputFailure() {}

    /// The exception to throw for `problem`: one that says what is wrong with the folder and what of the run stands, or
    /// `problem` itself, unchecked, where it has nothing to do with that folder.
    ///
    /// @param runFolder of the run that met with it
    public static RuntimeException of(Path runFolder, IOException problem) {
        String reason = reason(runFolder, problem);
        return reason == null
                ? new UncheckedIOException(problem)
                : new CommandException("cannot write %s: %s; %s".formatted(runFolder, reason, standing(runFolder)),
                        "when it can be written, --resume goes on", problem);
    }

    private static @Nullable String reason(Path runFolder, IOException problem) {
        String said = String.valueOf(problem.getMessage());
        // What channels and streams throw names no file. The texts are the operating system's.
        Optional<String> full = Stream.of("No space left on device", "Disk quota exceeded",
                "There is not enough space on the disk", "Read-only file system").filter(said::contains).findFirst();
        if (full.isPresent()) {
            return full.get().substring(0, 1).toLowerCase(Locale.ROOT) + full.get().substring(1);
        }
        if (!(problem instanceof FileSystemException wrong) || wrong.getFile() == null
                || !isBelow(runFolder, Path.of(wrong.getFile()))) {
            return null;
        }
        return switch (wrong) {
            case AccessDeniedException denied -> "permission denied: " + denied.getFile();
            case FileAlreadyExistsException file -> "%s is a file, expected a folder".formatted(file.getFile());
            default -> said;
        };
    }

    /// Also true for a folder above, which may have to be made first.
    private static boolean isBelow(Path runFolder, Path file) {
        Path folder = runFolder.toAbsolutePath().normalize();
        Path found = file.toAbsolutePath().normalize();
        return found.startsWith(folder) || folder.startsWith(found);
    }

    private static String standing(Path runFolder) {
        try {
            return Checkpoint.latest(runFolder.resolve("checkpoints"))
                    .map(last -> "the last checkpoint, %s, stands".formatted(last.folder().getFileName()))
                    .orElse("there is no checkpoint yet");
        } catch (IOException e) {
            return "its checkpoints cannot be read";
        }
    }
}
