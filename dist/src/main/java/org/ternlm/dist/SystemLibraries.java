package org.ternlm.dist;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/// The C library of the machine that builds, which Java needs and an empty image lacks. It is the GNU C Library, under the
/// LGPL 2.1 or newer, as Debian ships it, and its text of copyright goes with it.
final class SystemLibraries {
    private static final Path LOCALE = Path.of("/usr/lib/locale/C.utf8");
    private static final Path COPYRIGHT = Path.of("/usr/share/doc/libc6/copyright");
    private static final Path LICENCE = Path.of("/usr/share/common-licenses/LGPL-2.1");

    private SystemLibraries() {}

    /// Lays out the libraries that the programs and libraries of a Java run time are linked with, where they belong.
    ///
    /// @param runtime the run time of Java
    /// @throws IOException if this machine has no such library, or not where Debian keeps it
    static Tree needed(Path runtime) throws IOException {
        Tree tree = new Tree();
        for (Path library : linkedWith(binaries(runtime))) {
            if (library.startsWith(runtime)) {
                continue;
            }
            tree.addFile(library.toString().substring(1), library.toRealPath());
        }
        for (Path file : List.of(COPYRIGHT, LICENCE)) {
            if (!Files.exists(file)) {
                throw new IOException("the licence of the C library is not where Debian keeps it: " + file);
            }
            tree.addFile(file.toString().substring(1), file.toRealPath());
        }
        // Without a locale of UTF-8, Java would read arguments and names of files as ASCII.
        tree.addAll(LOCALE.toString().substring(1), LOCALE);
        return tree;
    }

    /// The libraries that these programs and libraries are linked with.
    ///
    /// @throws IOException if the GNU C Library is not among them
    static Set<Path> linkedWith(List<Path> binaries) throws IOException {
        Set<Path> libraries = new TreeSet<>();
        for (String line : ldd(binaries).split("\n")) {
            String path = line.replaceFirst(".*=> ", "").strip().replaceFirst(" \\(0x[0-9a-f]+\\)$", "");
            if (path.startsWith("/") && !path.endsWith(":")) {
                libraries.add(Path.of(path).normalize());
            }
        }
        if (libraries.stream().noneMatch(library -> library.endsWith("libc.so.6"))) {
            throw new IOException("Java is not linked with the GNU C Library here: " + libraries);
        }
        return libraries;
    }

    /// All that is machine code in a run time of Java.
    static List<Path> binaries(Path runtime) throws IOException {
        try (Stream<Path> files = Files.walk(runtime)) {
            return files.filter(file -> file.toString().endsWith(".so") || file.endsWith("bin/java")
                    || file.endsWith("lib/jspawnhelper")).sorted().toList();
        }
    }

    private static String ldd(List<Path> binaries) throws IOException {
        List<String> command = new ArrayList<>(List.of("ldd"));
        binaries.forEach(binary -> command.add(binary.toString()));
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
