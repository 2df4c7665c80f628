package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The smallest comparison, from the texts to the report, by the launcher and by all the commands that it starts.
@Tag("soak")
class LauncherCompareTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", "..")).toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void theToyIsComparedOnceAndReported() throws IOException, InterruptedException {
        String config = Files.readString(ROOT.resolve("configs/compare-toy.yaml")).replace("corpus/", ROOT.resolve(
                "configs/corpus") + "/").replace("../runs/", "runs/");
        Files.writeString(folder.resolve("toy.yaml"), config);
        Launch first = Launch.of(ROOT.resolve("tern"), folder, Map.of(), "compare", "toy.yaml");
        assertThat(first.exitCode()).as(first.error()).isZero();
        Path results = folder.resolve("runs/compare-toy/results");
        try (Stream<Path> files = Files.list(results)) {
            assertThat(files.toList()).hasSizeGreaterThan(50).allSatisfy(file -> assertThat(Files.readString(file))
                    .doesNotContain("\"failed\""));
        }
        assertThat(Files.readString(folder.resolve("runs/compare-toy/report.html")))
                .contains("Does the zero cost time?")
                .doesNotContain("Steps without a result");
        Launch again = Launch.of(ROOT.resolve("tern"), folder, Map.of(), "compare", "toy.yaml");
        assertThat(again.exitCode()).isZero();
        assertThat(again.error()).isEmpty();
    }
}
