package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class LauncherTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));
    private static final Path TERN = ROOT.resolve("tern");

    @TempDir
    static Path elsewhere;

    /// The first start after a build makes the AOT cache.
    @BeforeAll
    static void makeTheCache() throws Exception {
        Launch first = Launch.of(TERN, elsewhere, Map.of(), "--version");
        assertThat(first.exitCode()).as(first.error()).isZero();
    }

    @Test
    void helpIsAllThatIsWritten() throws Exception {
        Launch help = Launch.of(TERN, elsewhere, Map.of(), "--help");
        assertThat(help).isEqualTo(new Launch(0, help.out(), ""));
        assertThat(help.out()).contains("Usage: tern", "Examples:").doesNotContain("\u001b");
    }

    @Test
    void doctorFindsTheVectorApiAndTheCacheWithoutAWord() throws Exception {
        Launch doctor = Launch.of(TERN, elsewhere, Map.of(), "doctor", "--json");
        assertThat(doctor).isEqualTo(new Launch(0, doctor.out(), ""));
        JsonNode environment = new ObjectMapper().readTree(doctor.out()).get("environment");
        assertThat(environment.at("/jdk/value").asText()).startsWith("25");
        assertThat(environment.at("/vector_api/value").asText()).isEqualTo("present");
        assertThat(environment.at("/aot_cache/value").asText()).isEqualTo("in use");
    }

    @Test
    void aCacheThatDoesNotFitIsPassedOverInSilence() throws Exception {
        Launch doctor = Launch.of(TERN, elsewhere,
                Map.of("TERN_JAVA_OPTS", "-XX:-UseSerialGC -XX:+UseZGC -Xmx512m"), "doctor", "--json");
        assertThat(doctor).isEqualTo(new Launch(0, doctor.out(), ""));
        assertThat(new ObjectMapper().readTree(doctor.out()).at("/environment/vector_api/value").asText())
                .isEqualTo("present");
    }

    @Test
    void anUnknownCommandIsOneLine() throws Exception {
        Launch unknown = Launch.of(TERN, elsewhere, Map.of(), "doctr");
        assertThat(unknown).isEqualTo(
                new Launch(2, "", "tern: unknown command 'doctr', did you mean doctor? (see tern --help)\n"));
    }

    @Test
    void argumentsArriveAsTheyAreEvenWithoutALocale() throws Exception {
        Launch unknown = Launch.of(TERN, elsewhere, Map.of("LC_ALL", "C"), "  größer * \"$HOME\" ✓");
        assertThat(unknown).isEqualTo(
                new Launch(2, "", "tern: unknown command '  größer * \"$HOME\" ✓' (see tern --help)\n"));
    }

    @Test
    void followsSymbolicLinks() throws Exception {
        Path folder = Files.createDirectories(elsewhere.resolve("a folder"));
        Path link = Files.createSymbolicLink(folder.resolve("tern"), TERN);
        Path relative = Files.createSymbolicLink(elsewhere.resolve("relative"), Path.of("a folder/tern"));
        assertThat(Launch.of(link, folder, Map.of(), "--version").exitCode()).isZero();
        assertThat(Launch.of(relative, folder, Map.of(), "--version").exitCode()).isZero();
        Files.delete(relative);
        Files.delete(link);
    }

    @Test
    void saysHowToGetAJdk() throws Exception {
        Path old = jdk("old jdks/17", "JAVA_VERSION=\"17.0.1\"");
        Launch none = Launch.of(TERN, elsewhere, Map.of("TERN_JAVA_HOME", "", "JAVA_HOME", old.toString(), "PATH",
                Launch.pathOfShellTools(elsewhere), "TERN_JDK_SEARCH", elsewhere.resolve("old jdks").toString()),
                "--help");
        assertThat(none.exitCode()).isEqualTo(2);
        assertThat(none.out()).isEmpty();
        assertThat(none.error()).startsWith("tern: needs a JDK 25, and found none (JAVA_HOME is Java 17)\n")
                .contains("https://adoptium.net/", "TERN_JAVA_HOME=");
    }

    @Test
    void aJdkThatWasAskedForIsNotReplacedByAnother() throws Exception {
        Path newer = jdk("new/26", "JAVA_VERSION=\"26\"");
        Launch wrong = Launch.of(TERN, elsewhere, Map.of("TERN_JAVA_HOME", newer.toString()), "--help");
        assertThat(wrong).isEqualTo(new Launch(2, "",
                "tern: TERN_JAVA_HOME is not a JDK 25: " + newer + " (it is Java 26)\n"));
    }

    private static Path jdk(String name, String release) throws IOException {
        Path home = elsewhere.resolve(name);
        Files.createDirectories(home.resolve("bin"));
        Files.writeString(home.resolve("release"), release + "\n");
        Path java = Files.writeString(home.resolve("bin/java"), "#!/bin/sh\nexit 99\n");
        assertThat(java.toFile().setExecutable(true)).isTrue();
        return home;
    }
}
