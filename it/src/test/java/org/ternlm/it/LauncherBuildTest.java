package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in a copy of the checkout that has never been built.
@Tag("soak")
@DisabledOnOs(OS.WINDOWS)
class LauncherBuildTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));

    @Test
    void buildsWhatIsMissingAndWhatHasChanged(@TempDir Path folder) throws Exception {
        Path copy = folder.resolve("a checkout");
        copySources(copy);
        Path tern = copy.resolve("tern");

        Launch withoutMaven = Launch.of(tern, folder, Map.of("PATH", Launch.pathOfShellTools(folder)), "--version");
        assertThat(withoutMaven.exitCode()).isEqualTo(2);
        assertThat(withoutMaven.error()).startsWith("tern: has to be built, and Maven (mvn) is not on the PATH");

        Launch first = Launch.of(tern, folder, Map.of(), "doctor");
        assertThat(first.exitCode()).as(first.error()).isZero();
        assertThat(first.error()).isEqualTo("building tern (once)…\n");
        assertThat(first.out()).contains("AOT cache").contains("in use");
        assertThat(Launch.of(tern, folder, Map.of(), "--version").error()).isEmpty();

        Path source = copy.resolve("command/src/main/java/org/ternlm/command/ExitCode.java");
        Files.writeString(source, "not Java", StandardOpenOption.APPEND);
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(2)));
        Launch broken = Launch.of(tern, folder, Map.of(), "--version");
        assertThat(broken.exitCode()).isEqualTo(1);
        assertThat(broken.out()).isEmpty();
        assertThat(broken.error()).contains("tern: the build failed", "ExitCode.java", "build.log");
    }

    /// What the program is made of, and the descriptions of all modules, which Maven reads.
    private static List<String> parts() throws IOException {
        List<String> parts = new ArrayList<>(List.of("tern", "pom.xml", "config", "core", "command", "hub", "options",
                "eval", "cli"));
        try (Stream<Path> folders = Files.list(ROOT)) {
            folders.map(folder -> folder.resolve("pom.xml")).filter(Files::exists)
                    .forEach(pom -> parts.add(ROOT.relativize(pom).toString()));
        }
        return parts;
    }

    private static void copySources(Path copy) throws IOException {
        for (String part : parts()) {
            try (Stream<Path> files = Files.walk(ROOT.resolve(part))) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Path relative = ROOT.relativize(file);
                    if (!relative.toString().contains("target") && !relative.toString().contains("src/test")) {
                        Files.createDirectories(copy.resolve(relative).getParent());
                        Files.copy(file, copy.resolve(relative), StandardCopyOption.COPY_ATTRIBUTES,
                                StandardCopyOption.REPLACE_EXISTING);
                    }
                }
            }
        }
    }
}
