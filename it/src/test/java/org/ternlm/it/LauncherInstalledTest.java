package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// The launcher in an unpacked archive, with a Java that only says how it was called.
@DisabledOnOs(OS.WINDOWS)
class LauncherInstalledTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));

    @TempDir
    Path folder;

    private Path home = Path.of(".");
    private Path tern = Path.of(".");

    @BeforeEach
    void install() throws IOException {
        home = folder.toRealPath().resolve("an archive");
        tern = home.resolve("bin/tern");
        Files.createDirectories(tern.getParent());
        Files.copy(ROOT.resolve("tern"), tern);
        Files.createDirectories(home.resolve("lib"));
        Files.writeString(home.resolve("lib/tern.jar"), "a manifest");
        Files.writeString(home.resolve("lib/picocli-1.jar"), "");
        Files.setPosixFilePermissions(tern, PosixFilePermissions.fromString("rwxr-xr-x"));
        java(home.resolve("runtime"));
    }

    private static void java(Path jdk) throws IOException {
        Path program = jdk.resolve("bin/java");
        Files.createDirectories(program.getParent());
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        // Makes the cache where it is asked to.
        Files.writeString(program, """
                #!/bin/sh
                for word in "$@"; do
                    case $word in -XX:AOTCacheOutput=*) echo classes >"${word#*=}" ;; esac
                    printf '%s\\n' "$word"
                done
                """);
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private Launch launch(Map<String, String> variables, String... arguments) throws Exception {
        return Launch.of(tern, folder, variables, arguments);
    }

    @Test
    void startsItsOwnJavaAndBuildsNothing() throws Exception {
        Launch run = launch(Map.of("PATH", Launch.pathOfShellTools(folder)), "run", "a prompt");
        assertThat(run.exitCode()).as(run.error()).isZero();
        assertThat(run.error()).isEmpty();
        assertThat(run.out().lines())
                .contains("-Xbootclasspath/a:" + home + "/lib/picocli-1.jar", "-Dtern.home=" + home,
                        "-Dtern.launcher=" + tern, "-jar", home + "/lib/tern.jar", "a prompt")
                .anyMatch(word -> word.startsWith("-XX:AOTCache=" + home + "/cache/"));
    }

    @Test
    void aProgramThatIsNewMakesItsCacheAnew() throws Exception {
        String first = cacheOf(launch(Map.of(), "run"));
        assertThat(cacheOf(launch(Map.of(), "run"))).isEqualTo(first);
        Files.writeString(home.resolve("lib/tern.jar"), "the manifest of another build");
        assertThat(cacheOf(launch(Map.of(), "run"))).isNotEqualTo(first);
    }

    @Test
    void keepsTheCacheWithTheUserWhereTheProgramCannotBeWritten() throws Exception {
        // Nobody, not even the root user, makes a folder where a file lies.
        Files.writeString(home.resolve("cache"), "");
        Path own = folder.resolve("own caches");
        assertThat(cacheOf(launch(Map.of("XDG_CACHE_HOME", own.toString()), "run"))).startsWith(own + "/tern/");
    }

    private static String cacheOf(Launch launch) {
        return launch.out().lines().filter(word -> word.startsWith("-XX:AOTCache=")).findFirst().orElseThrow()
                .substring("-XX:AOTCache=".length());
    }

    @Test
    void withoutItsOwnJavaItLooksForAnother() throws Exception {
        Path jdk = folder.resolve("jdk");
        Files.move(home.resolve("runtime"), jdk);
        assertThat(launch(Map.of("TERN_JAVA_HOME", jdk.toString()), "--version").exitCode()).isZero();
        Launch none = launch(Map.of("TERN_JAVA_HOME", "", "JAVA_HOME", "", "PATH", Launch.pathOfShellTools(folder),
                "TERN_JDK_SEARCH", folder.resolve("no jdks").toString()), "--version");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.error()).startsWith("tern: needs a JDK 25, and found none\n");
    }

    @Test
    void saysWhereTrainingIs() throws Exception {
        for (String[] arguments : new String[][] {{"train", "x.yaml"}, {"help", "train"}}) {
            Launch train = launch(Map.of(), arguments);
            assertThat(train.exitCode()).isEqualTo(2);
            assertThat(train.out()).isEmpty();
            assertThat(train.error()).startsWith("tern: train is not in this archive").hasLineCount(1);
        }
    }
}
