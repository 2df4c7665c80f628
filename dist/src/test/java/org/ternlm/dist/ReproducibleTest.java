package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The same sources give the same bytes: built twice, in two folders, time zones and languages.
@Tag("soak")
class ReproducibleTest {
    private static final Set<String> LEFT_OUT = Set.of("target", ".git", "runs", "node_modules");

    @TempDir
    Path folder;

    @Test
    void twoBuildsAreEqual() throws Exception {
        Path first = folder.resolve("first");
        Path second = folder.resolve("another one");
        copySources(first);
        copySources(second);
        build(first, Map.of("TZ", "UTC", "LC_ALL", "C.UTF-8"));
        build(second, Map.of("TZ", "Pacific/Auckland", "LC_ALL", "C"));
        Map<String, String> sums = sums(first);
        assertThat(sums.keySet()).hasSizeGreaterThan(12).anyMatch(name -> name.endsWith("-oci.tar"));
        assertThat(sums(second)).isEqualTo(sums);
    }

    private void build(Path copy, Map<String, String> variables) throws IOException, InterruptedException {
        Path log = folder.resolve(copy.getFileName() + ".log");
        ProcessBuilder maven = new ProcessBuilder("mvn", "-q", "-B", "-ntp", "-Pdist", "-Dmaven.test.skip=true",
                "-Djacoco.skip=true", "-Dspotless.check.skip=true", "package", "-pl", "bom,dist", "-am")
                .directory(copy.toFile()).redirectErrorStream(true)
                .redirectOutput(log.toFile());
        maven.environment().putAll(variables);
        // Maven finds its JDK as it does for everybody, not by the one that runs this test.
        maven.environment().remove("JAVA_HOME");
        int exitCode = maven.start().waitFor();
        assertThat(exitCode).as("%s: %s", copy, Files.readString(log)).isZero();
    }

    private static void copySources(Path copy) throws IOException {
        Files.walkFileTree(Built.ROOT, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path source, BasicFileAttributes attributes) throws IOException {
                if (LEFT_OUT.contains(String.valueOf(source.getFileName()))) {
                    return FileVisitResult.SKIP_SUBTREE;
                }
                Files.createDirectories(copy.resolve(Built.ROOT.relativize(source).toString()));
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path source, BasicFileAttributes attributes) throws IOException {
                if (!source.endsWith(".git")) {
                    Files.copy(source, copy.resolve(Built.ROOT.relativize(source).toString()),
                            StandardCopyOption.REPLACE_EXISTING);
                }
                return FileVisitResult.CONTINUE;
            }
        });
    }

    /// SHA-256 of all archives and jars that a build has made.
    private static Map<String, String> sums(Path checkout) throws IOException {
        Map<String, String> sums = new TreeMap<>();
        try (Stream<Path> files = Files.walk(checkout)) {
            for (Path file : new TreeSet<>(files.filter(ReproducibleTest::isResult).toList())) {
                sums.put(checkout.relativize(file).toString(), Sha256.ofAll(java.util.List.of(file)));
            }
        }
        return sums;
    }

    private static boolean isResult(Path file) {
        String name = String.valueOf(file.getFileName());
        return file.resolveSibling(".").normalize().endsWith("target") && name.startsWith("tern")
                && name.matches(".*\\.(jar|tar|gz|zip)");
    }
}
