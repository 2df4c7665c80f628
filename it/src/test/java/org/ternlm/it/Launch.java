package org.ternlm.it;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// One run of the launcher as a process of its own.
record Launch(int exitCode, String out, String error) {
    private static final long PATIENCE_MINUTES = 8;

    /// Runs a launcher in `folder`, with variables set on top of the test's own; an empty one is removed.
    static Launch of(Path launcher, Path folder, Map<String, String> variables, String... args)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", ".txt");
        Path error = Files.createTempFile(folder, "error", ".txt");
        ProcessBuilder builder = new ProcessBuilder(
                Stream.concat(Stream.of(launcher.toString()), Stream.of(args)).toList());
        builder.directory(folder.toFile()).redirectOutput(out.toFile()).redirectError(error.toFile());
        // They would make the JVM itself write to the error stream.
        List.of("JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS").forEach(builder.environment()::remove);
        variables.forEach((name, value) -> {
            if (value.isEmpty()) {
                builder.environment().remove(name);
            } else {
                builder.environment().put(name, value);
            }
        });
        Process process = builder.start();
        process.getOutputStream().close();
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.destroyForcibly();
            throw new IOException("no end of " + builder.command());
        }
        return new Launch(process.exitValue(), Files.readString(out), Files.readString(error));
    }

    /// A PATH with the tools that the launcher itself needs, and without Java or Maven.
    static String pathOfShellTools(Path folder) throws IOException {
        Path bin = Files.createDirectories(folder.resolve("bin"));
        for (String tool : List.of("sh", "find", "cksum", "dirname", "readlink", "uname", "mkdir", "rm", "mv", "cat")) {
            for (Path place : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(place.resolve(tool)) && !Files.exists(bin.resolve(tool))) {
                    Path wrapper = Files.writeString(bin.resolve(tool),
                            "#!/bin/sh\nexec " + place.resolve(tool) + " \"$@\"\n");
                    Files.setPosixFilePermissions(wrapper, PosixFilePermissions.fromString("rwxr-xr-x"));
                }
            }
        }
        return bin.toString();
    }
}
