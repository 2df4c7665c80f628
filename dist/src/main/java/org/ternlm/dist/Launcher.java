package org.ternlm.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The script `tern`, which starts the program in a checkout and in an archive.
final class Launcher {
    private static final Pattern OPTIONS = Pattern.compile("(?m)^options='([^']*)'$");

    private Launcher() {}

    /// Options for the JVM that the script gives to every command: an image without a shell gives them itself.
    ///
    /// @throws IOException if the script cannot be read or has no such line
    static List<String> options(Path script) throws IOException {
        Matcher line = OPTIONS.matcher(Files.readString(script));
        if (!line.find()) {
            throw new IOException(script + " has no line options='…'");
        }
        return List.of(line.group(1).trim().split(" +"));
    }
}
