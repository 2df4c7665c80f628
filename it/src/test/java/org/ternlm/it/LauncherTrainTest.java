package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The launcher finds training, and builds it where it is missing: a module of its own, with libtorch.
@Tag("soak")
class LauncherTrainTest {
    private static final Path TERN = Path.of(System.getProperty("tern.root", ".."), "tern").toAbsolutePath();

    @TempDir
    Path folder;

    @Test
    void trainingIsFound() throws IOException, InterruptedException {
        Launch.of(TERN, folder, Map.of(), "train", "first.yaml");
        Launch missing = Launch.of(TERN, folder, Map.of(), "train", "missing.yaml");
        assertThat(missing.exitCode()).isEqualTo(2);
        assertThat(missing.out()).isEmpty();
        assertThat(missing.error()).startsWith("tern: missing.yaml").contains("nothing there").hasLineCount(1);
        Launch help = Launch.of(TERN, folder, Map.of(), "help", "train");
        assertThat(help.exitCode()).isZero();
        assertThat(help.out()).contains("tern train CONFIG", "--resume");
    }
}
