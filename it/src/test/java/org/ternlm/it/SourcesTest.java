package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What readers of the sources may rely on.
class SourcesTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));
    private static final int LONGEST_FILE = 400;

    private static List<Path> sources() throws IOException {
        try (Stream<Path> files = Files.walk(ROOT, 12)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                    .filter(file -> !file.toString().contains("/target/")).toList();
        }
    }

    @Test
    void filesAreShortEnoughToRead() throws IOException {
        for (Path file : sources()) {
            assertThat(Files.readAllLines(file).size()).as("lines of %s", file).isLessThanOrEqualTo(LONGEST_FILE);
        }
    }

    @Test
    void nothingIsLeftToBeDone() throws IOException {
        for (Path file : sources()) {
            if (!file.endsWith("SourcesTest.java")) {
                assertThat(Files.readString(file)).as("%s", file).doesNotContain("TODO", "FIXME", "XXX");
            }
        }
    }

    @Test
    void everyPackageSaysWhatItIsAndThatNothingIsNullUnlessItSaysSo() throws IOException {
        for (Path file : sources()) {
            Path info = file.resolveSibling("package-info.java");
            if (file.toString().contains("src/main/java")) {
                assertThat(info).exists();
                assertThat(Files.readString(info)).as("%s", info).startsWith("///").contains("@NullMarked");
            }
        }
    }
}
