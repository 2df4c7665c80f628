package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.ExitCode;

class MainTest {
    @Test
    void helpTeachesByExample() {
        Run help = Run.tern("--help");
        assertThat(help.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(help.error()).isEmpty();
        assertThat(help.out()).contains("Usage: tern COMMAND", "Commands:", "doctor", "Examples:",
                "tern help run");
        assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
        assertThat(Run.tern()).isEqualTo(help);
    }

    @Test
    void eachCommandExplainsItself() {
        for (Verb verb : Verb.ALL) {
            if (List.of("chat", "compare", "serve", "train").contains(verb.name())) {
                // Their modules are not on this class path: see below.
                continue;
            }
            Run help = Run.tern(verb.name(), "--help");
            assertThat(help.exitCode()).isEqualTo(ExitCode.OK);
            assertThat(help.out()).contains("Usage: tern " + verb.name(), verb.summary(), "--verbose", "Examples:");
            assertThat(help.out().lines()).allSatisfy(line -> assertThat(line).hasSizeLessThan(80));
        }
    }

    @Test
    void aCommandWhoseModuleIsMissingSaysHowToGetIt() {
        Run run = Run.tern("train", "config.yaml");
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.error()).startsWith("tern: train: the module").contains("./tern").hasLineCount(1);
    }

    @Test
    void helpIsACommandToo() {
        assertThat(Run.tern("help")).isEqualTo(Run.tern("--help"));
        assertThat(Run.tern("help", "run")).isEqualTo(Run.tern("run", "--help"));
        assertThat(Run.tern("help", "rnu").exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(Run.tern("help", "rnu").error()).contains("unknown command 'rnu', did you mean run?");
    }

    @Test
    void versionNamesTheJdk() {
        Run version = Run.tern("--version");
        assertThat(version.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(version.out()).matches("tern [0-9][^ ]+ \\(JDK 25.*\\)\\R");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            doctr           | tern: unknown command 'doctr', did you mean doctor? (see tern --help)
            doctor --jsno   | tern: unknown option '--jsno', did you mean --json? (see tern doctor --help)
            doctor twice    | tern: unknown argument 'twice' (see tern doctor --help)
            --frobnicate    | tern: unknown option '--frobnicate' (see tern --help)
            doctor --json=7 | tern: invalid value for option '--json': '7' is not a boolean (see tern doctor --help)
            """)
    void aWrongArgumentIsOneLineAndExitCodeTwo(String arguments, String line) {
        Run wrong = Run.tern(arguments.split(" "));
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(wrong.out()).isEmpty();
        assertThat(wrong.error()).isEqualTo(line + System.lineSeparator());
    }

    @Test
    void verboseShowsWhereAFailureCameFrom() {
        assertThat(Run.tern("--verbose", "doctor").error()).isEmpty();
        assertThat(Run.tern("doctor", "--wrong", "--verbose").error()).contains("tern: unknown option", "\tat ");
    }

    @Test
    void doctorTellsPeopleAndPrograms() throws IOException {
        Run text = Run.tern("doctor");
        assertThat(text.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(text.out()).startsWith("environment").contains("JDK", "vector API", "processors");

        JsonNode json = new ObjectMapper().readTree(Run.tern("doctor", "--json").out());
        assertThat(json.at("/environment/jdk/value").asText()).startsWith("25");
        assertThat(json.at("/environment/vector_api/value").asText()).isEqualTo("present");
        assertThat(json.at("/kernels/chosen/value").asText()).isEqualTo("vector");
        assertThat(json.at("/kernels/threads/number").asInt()).isPositive();
        for (String kernel : new String[] {"ternary", "dense", "integer", "float"}) {
            assertThat(json.at("/self_test/" + kernel + "/value").asText()).startsWith("equal to plain loops");
        }
        assertThat(json.at("/memory/bandwidth/number").asDouble()).isGreaterThan(1e8);
    }

    @Test
    void doctorTriesTheModel() throws IOException {
        Run run = Run.tern("doctor", "--json", "-t", "2", "-m", Run.model("stories260K-llama-f32"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        JsonNode model = new ObjectMapper().readTree(run.out()).get("model");
        assertThat(model.at("/read_per_token/number").asLong()).isBetween(900_000L, 1_300_000L);
        assertThat(model.at("/measured/number").asDouble()).isPositive();
        assertThat(model.at("/expected/value").asText()).contains("at most", "tokens/s");
    }

    @Test
    void outputThatNobodyReadsEndsQuietly() {
        Run gone = Run.into(failing("Broken pipe"), new ByteArrayOutputStream(), "doctor");
        assertThat(gone).isEqualTo(new Run(ExitCode.OUTPUT_CLOSED, "", ""));
    }

    @Test
    void outputThatCannotBeWrittenIsAFailure() {
        Run full = Run.into(failing("No space left on device"), new ByteArrayOutputStream(), "doctor");
        assertThat(full.exitCode()).isEqualTo(ExitCode.FAILED);
        assertThat(full.error()).startsWith("tern: input or output failed: No space left on device").hasLineCount(1);
    }

    private static OutputStream failing(String reason) {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException(reason);
            }
        };
    }

    @Test
    void theWidthOfTheTerminalIsANumberOrEighty() {
        assertThat(SystemConsole.width("120")).isEqualTo(120);
        assertThat(SystemConsole.width(null)).isEqualTo(80);
        assertThat(SystemConsole.width("")).isEqualTo(80);
        assertThat(SystemConsole.width("0")).isEqualTo(80);
        assertThat(SystemConsole.width("12a")).isEqualTo(80);
    }
}
