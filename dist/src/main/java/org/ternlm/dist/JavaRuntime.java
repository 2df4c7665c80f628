package org.ternlm.dist;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.spi.ToolProvider;

/// A Java run time with only those modules that the program uses.
final class JavaRuntime {
    /// What the program and its libraries need, and why.
    static final List<String> MODULES = List.of(
            "java.base",
            "jdk.incubator.vector", // kernels
            "java.net.http", // tern pull
            "java.logging", // Helidon
            "java.management", // measurements of the server and of tern bench
            "jdk.management", // the memory of the machine
            "jdk.unsupported"); // sun.misc.Unsafe, in the library that writes Prometheus' format
    /// What jars of libraries mention, but use only where it is there, or not at all from Tern.
    static final List<String> OPTIONAL = List.of(
            "java.desktop", // beans that Jackson and SnakeYAML would fill, sounds of JLine, a timer of Micrometer
            "java.sql", // dates of databases in Jackson, their drivers in Micrometer
            "java.xml"); // XML in Jackson

    private JavaRuntime() {}

    /// Makes the run time with the JDK that runs this program.
    ///
    /// Classes for method handles are not made in advance: jlink makes them before or after it strips classes, as it happens, so
    /// that the bytes would differ from run to run. That costs 0.04 s of a start without a cache, and nothing with one.
    ///
    /// @param folder where it is to lie; must not exist
    /// @param compression as jlink names it, such as `zip-6`
    static void link(Path folder, String compression) throws IOException {
        run("jlink", "--add-modules", String.join(",", MODULES), "--strip-java-debug-attributes", "--no-header-files",
                "--no-man-pages", "--compress=" + compression, "--dedup-legal-notices=error-if-not-same-content",
                "--disable-plugin", "generate-jli-classes", "--output", folder.toString());
    }

    /// Runs a tool of the JDK.
    ///
    /// @return what it printed
    /// @throws IOException if it is missing or fails; with what it printed
    static String run(String name, String... arguments) throws IOException {
        ToolProvider tool = ToolProvider.findFirst(name)
                .orElseThrow(() -> new IOException("this JDK has no " + name + ": " + System.getProperty("java.home")));
        StringWriter printed = new StringWriter();
        PrintWriter writer = new PrintWriter(printed, true);
        int exitCode = tool.run(writer, writer, arguments);
        if (exitCode != 0) {
            throw new IOException("%s failed with exit code %d: %s".formatted(name, exitCode, printed));
        }
        return printed.toString();
    }
}
