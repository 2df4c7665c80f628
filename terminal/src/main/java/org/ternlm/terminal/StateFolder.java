package org.ternlm.terminal;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;

/// Where tern keeps what a person has typed: `$XDG_STATE_HOME/tern`, else `~/.local/state/tern`; on Windows
/// `%LOCALAPPDATA%\tern`. For its owner's eyes only.
record StateFolder(Path path) {
    private static final String HISTORY = "chat-history";

    static StateFolder of(Map<String, String> environment, Path home) {
        String state = environment.getOrDefault("XDG_STATE_HOME", "");
        String windows = environment.getOrDefault("LOCALAPPDATA", "");
        Path parent = !state.isEmpty() && Path.of(state).isAbsolute()
                ? Path.of(state)
                : !windows.isEmpty() ? Path.of(windows) : home.resolve(".local").resolve("state");
        return new StateFolder(parent.resolve("tern"));
    }

    /// The file of earlier messages, which is there then.
    ///
    /// @throws IOException if it cannot be made
    Path history() throws IOException {
        Files.createDirectories(path);
        setPermissions(path, "rwx------");
        Path file = path.resolve(HISTORY);
        if (Files.notExists(file)) {
            Files.createFile(file);
        }
        setPermissions(file, "rw-------");
        return file;
    }

    /// Only where the file system knows such permissions.
    static void setPermissions(Path file, String permissions) throws IOException {
        if (Files.getFileStore(file).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
        }
    }
}
