package org.ternlm.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

/// The program as it lies in an archive: `bin/tern`, `lib` with all jars, `models`, licences and the bill of materials.
final class Program {
    private Program() {}

    /// Lays out the program, without a run time of Java.
    ///
    /// @param root the sources of Tern
    /// @param jars a folder with the jars of the class path
    /// @param sbom the bill of materials
    /// @param date of the files that are made here
    static Tree lay(Path root, Path jars, Path sbom, Instant date) throws IOException {
        if (!Files.exists(sbom)) {
            throw new IOException("there is no " + sbom + ": the plugin that makes it does not run offline (mvn -o)");
        }
        Tree tree = new Tree();
        tree.addFile("bin/tern", root.resolve("tern"));
        List<Path> classPath = jars(jars);
        classPath.forEach(jar -> tree.addFile("lib/" + LaunchJar.name(jar), jar));
        tree.addBytes("lib/tern.jar", LaunchJar.of(commandLine(classPath), classPath, date));
        tree.addAll("models", root.resolve("models"));
        tree.addFile("LICENSE", root.resolve("LICENSE"));
        tree.addFile("NOTICE", root.resolve("NOTICE"));
        tree.addFile("CHANGELOG.md", root.resolve("CHANGELOG.md"));
        tree.addFile("sbom.json", sbom);
        tree.addText("THIRD-PARTY.txt", Licences.table(sbom));
        tree.addAll("licences", Licences.texts(classPath));
        Path own = root.resolve("dist/src/archive");
        for (Path file : list(own)) {
            if (Files.isDirectory(file)) {
                tree.addAll(LaunchJar.name(file), file);
            } else {
                tree.addFile(LaunchJar.name(file), file);
            }
        }
        return tree;
    }

    private static List<Path> jars(Path folder) throws IOException {
        return list(folder).stream().filter(file -> LaunchJar.name(file).endsWith(".jar")).toList();
    }

    private static Path commandLine(List<Path> jars) throws IOException {
        return jars.stream().filter(jar -> LaunchJar.name(jar).startsWith("tern-cli-")).findFirst()
                .orElseThrow(() -> new IOException("there is no jar of the command line among " + jars));
    }

    private static List<Path> list(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        }
    }
}
