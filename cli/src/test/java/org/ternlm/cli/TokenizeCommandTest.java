package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.ExitCode;

class TokenizeCommandTest {
    private static final String STORIES = Run.model("stories260K-llama-f32");

    private static final String PHI3 = Run.file("tokenizers/phi-3/ggml-vocab-phi-3.gguf").toString();

    @TempDir
    Path folder;

    @Test
    void showsATokenALine() {
        assertThat(Run.tern("tokenize", "-m", STORIES, "Once upon\n嗨").out().lines()).containsExactly(
                "    id  piece   text",
                "     1  <s>     special",
                "   403  ▁Once   \" Once\"",
                "   407  ▁upon   \" upon\"",
                "    13  <0x0A>  \"\\n\"",
                "   232  <0xE5>  \"\\xE5\"",
                "   154  <0x97>  \"\\x97\"",
                "   171  <0xA8>  \"\\xA8\"",
                "7 tokens, 11 characters");
    }

    @Test
    void jsonIsOneObject() {
        assertThat(Run.reading("Once \"upon\"", "tokenize", "-m", STORIES, "--json", "--no-special").out())
                .startsWith("{\"text\":\"Once \\\"upon\\\"\",\"tokens\":[403,").contains("\"pieces\":[\"▁Once\"")
                .hasLineCount(1);
    }

    @Test
    void needsNoWeights() throws IOException {
        Files.copy(Path.of(STORIES, "tokenizer.json"), folder.resolve("tokenizer.json"));
        Run run = Run.tern("tokenize", "-m", folder.toString(), "Once");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("403");
    }

    @Test
    void readsGgufFiles() {
        Run run = Run.tern("tokenize", "-m", PHI3, "--json", "Once upon a time");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("\"tokens\":[1,9038,2501,263,931]").hasLineCount(1);
    }

    @Test
    void goesBackFromIds() throws IOException {
        String expected = "Once upon a time" + System.lineSeparator();
        assertThat(Run.tern("tokenize", "-m", STORIES, "--decode", "403", "407", "261", "378").out())
                .isEqualTo(expected);
        assertThat(Run.tern("tokenize", "-m", STORIES, "--decode", "403,407, 261 ,378").out()).isEqualTo(expected);
        assertThat(Run.reading("[403, 407,\n261, 378]\n", "tokenize", "-m", STORIES, "--decode").out())
                .isEqualTo(expected);
        assertThat(Run.tern("tokenize", "-m", STORIES, "--decode", "--no-special", "1 403 407 261 378").out())
                .isEqualTo(expected);
        Path file = Files.writeString(folder.resolve("ids"), "403 407");
        assertThat(Run.tern("tokenize", "-m", STORIES, "--decode", "--json", "--file", file.toString()).out())
                .isEqualToIgnoringNewLines(
                        "{\"text\":\"Once upon\",\"tokens\":[403,407],\"pieces\":[\"▁Once\",\"▁upon\"]}");
    }

    @Test
    void refusesWhatIsNoId() {
        for (String wrong : new String[] {"512", "-1", "1,,2", "one", "[1"}) {
            Run run = Run.tern("tokenize", "-m", STORIES, "--decode", "--", wrong);
            assertThat(run.exitCode()).as(wrong).isEqualTo(ExitCode.BAD_INPUT);
            assertThat(run.error()).startsWith("tern: expected token ids from 0 to 511, found '").hasLineCount(1);
        }
    }

    @Test
    void namesAMissingTokenizer() {
        Run run = Run.tern("tokenize", "-m", folder.toString(), "x");
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.error()).contains("tokenizer.json").hasLineCount(1);
    }
}
