package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.ExitCode;

class RunCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STORIES = Run.model("stories260K-llama-f32");
    private static final String LILY = "Once upon a time, there was a little girl named Lily.";

    @TempDir
    Path folder;

    @Test
    void printsPromptAndContinuationAsOneText() {
        Run run = Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "16", LILY);
        assertThat(run).isEqualTo(new Run(ExitCode.OK,
                LILY + " She loved to play outside in the park." + System.lineSeparator(), ""));
        Run without = Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "16", "--no-echo", LILY);
        assertThat(without.out()).isEqualTo(run.out().substring(LILY.length()));
    }

    @Test
    void jsonHoldsTheGreedyTokensOfTheReference() throws IOException {
        for (JsonNode example : JSON.readTree(Path.of(STORIES, "expected.json").toFile()).get("cases")) {
            String prompt = example.get("prompt").asText();
            Run run = Run.tern("run", "-m", STORIES, "--temperature=0", "-n64", "--ignore-eos", "--json", prompt);
            assertThat(run.error()).isEmpty();
            assertThat(run.out()).hasLineCount(1);
            JsonNode json = JSON.readTree(run.out());
            assertThat(json.fieldNames()).toIterable().containsExactly("prompt_tokens", "tokens", "text",
                    "finish_reason", "stats");
            assertThat(json.get("prompt_tokens")).isEqualTo(example.get("input_ids"));
            assertThat(json.get("tokens")).isEqualTo(example.get("greedy_64"));
            assertThat(prompt + json.get("text").asText()).isEqualTo(example.get("text").asText());
            assertThat(json.get("finish_reason").asText()).isEqualTo("length");
            assertThat(json.at("/stats/generated_tokens").asInt()).isEqualTo(64);
        }
    }

    /// Four bits stray from the text of the file's head sooner or later, eight do not within a sentence.
    @Test
    void headsCanBeRounded() throws IOException {
        JsonNode exact = greedy("file");
        JsonNode int8 = greedy("int8");
        JsonNode fourBits = greedy("4BIT");
        assertThat(int8.get("tokens")).isEqualTo(exact.get("tokens"));
        assertThat(fourBits.get("tokens").size()).isEqualTo(16);
        assertThat(exact.at("/stats/head").asText()).isEqualTo("file");
        assertThat(fourBits.at("/stats/head").asText()).isEqualTo("4bit");
        assertThat(fourBits.at("/logprobs/0/logprob").asDouble()).isNotEqualTo(exact.at("/logprobs/0/logprob")
                .asDouble());
        Run wrong = Run.tern("run", "-m", STORIES, "--head", "3bit", LILY);
        assertThat(wrong.exitCode()).isNotZero();
        assertThat(wrong.error()).contains("--head: expected file, int8, 4bit, found 3bit");
    }

    /// The module is not on this class path.
    @Test
    void nativeLibrariesThatAreAskedForMustBeThere() {
        Run absent = Run.tern("run", "-m", STORIES, "--native", "onednn", LILY);
        assertThat(absent.exitCode()).isEqualTo(2);
        assertThat(absent.error()).isEqualTo(
                "tern: onednn cannot be had: its module, tern-onednn, is not on the class path" + System
                        .lineSeparator());
        Run wrong = Run.tern("score", "-m", STORIES, "--native", "blas");
        assertThat(wrong.exitCode()).isEqualTo(2);
        assertThat(wrong.error()).contains("--native: expected auto, off, onednn, found blas");
        assertThat(Run.tern("run", "-m", STORIES, "--native", "off", "-n", "1", LILY).exitCode()).isZero();
    }

    private static JsonNode greedy(String head) throws IOException {
        return JSON
                .readTree(Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "16", "--json", "--logprobs", "1",
                        "--head", head, LILY).out());
    }

    @Test
    void theSameSeedGivesTheSameText() throws IOException {
        String[] args = {"run", "-m", STORIES, "--seed", "7", "-n", "30", "--temperature", "1.2", "One day"};
        Run first = Run.tern(args);
        assertThat(first.exitCode()).isZero();
        assertThat(Run.tern(args)).isEqualTo(first);
        JsonNode any = JSON.readTree(Run.tern("run", "-m", STORIES, "-n", "1", "--json", "One day").out());
        assertThat(any.at("/stats/seed").asLong()).isPositive();
    }

    @Test
    void stopStringsEndTheText() throws IOException {
        JsonNode json = JSON
                .readTree(Run.tern("run", "-m", STORIES, "--temperature", "0", "--json", "--stop", "the park",
                        "--stop", "never", LILY).out());
        assertThat(json.get("text").asText()).isEqualTo(" She loved to play outside in ");
        assertThat(json.get("finish_reason").asText()).isEqualTo("stop");
    }

    @Test
    void aBiasBansAToken() throws IOException {
        JsonNode free = JSON.readTree(Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "1", "--json", LILY)
                .out());
        int token = free.at("/tokens/0").asInt();
        JsonNode biased = JSON.readTree(Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "1", "--json",
                "--logit-bias", token + "=-1000", LILY).out());
        assertThat(biased.at("/tokens/0").asInt()).isNotEqualTo(token);
    }

    @Test
    void logprobsComeWithJson() throws IOException {
        JsonNode json = JSON.readTree(Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "3", "--json",
                "--logprobs", "2", LILY).out());
        assertThat(json.get("logprobs")).hasSize(3);
        JsonNode first = json.at("/logprobs/0");
        assertThat(first.get("token")).isEqualTo(json.at("/tokens/0"));
        assertThat(first.get("top")).hasSize(2);
        assertThat(first.at("/top/0/logprob")).isEqualTo(first.get("logprob"));
    }

    @Test
    void aFullContextEndsTheText() throws IOException {
        JsonNode json = JSON.readTree(Run.tern("run", "-m", STORIES, "--context", "20", "--ignore-eos", "--json", LILY)
                .out());
        assertThat(json.get("finish_reason").asText()).isEqualTo("context");
        assertThat(json.get("prompt_tokens").size() + json.get("tokens").size()).isEqualTo(21);
    }

    @Test
    void readsThePromptFromAFileOrTheInput() throws IOException {
        String[] args = {"run", "-m", STORIES, "--temperature", "0", "-n", "4"};
        Run expected = Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "4", LILY);
        assertThat(Run.reading(LILY + "\n", args)).isEqualTo(expected);
        assertThat(Run.reading(LILY, "run", "-m", STORIES, "--temperature", "0", "-n", "4", "-")).isEqualTo(expected);
        Path file = Files.writeString(folder.resolve("prompt.txt"), LILY + "\r\n");
        assertThat(Run.tern("run", "-m", STORIES, "--temperature", "0", "-n", "4", "--file", file.toString()))
                .isEqualTo(expected);
    }

    @Test
    void anEmptyPromptStartsWithBos() throws IOException {
        JsonNode json = JSON.readTree(Run.reading("", "run", "-m", STORIES, "-n", "2", "--json").out());
        assertThat(json.get("prompt_tokens").toString()).isEqualTo("[1]");
    }

    @Test
    void statsGoToTheErrorStream() {
        Run run = Run.tern("run", "-m", STORIES, "-n", "3", "--stats", "--seed", "5", "-t", "1", LILY);
        assertThat(run.out()).startsWith(LILY).hasLineCount(1);
        assertThat(run.error()).contains("load  ", "prompt  ", "16 tokens", "first token", "generated", "3 tokens",
                "ended by length", "1 thread", "--seed 5 repeats");
    }

    @Test
    void aTerminalShowsThePromptBold() {
        Run run = Run.atTerminal("run", "-m", STORIES, "-n", "2", "--temperature", "0", "Once\u0007");
        String bold = System.getenv("NO_COLOR") == null && !"dumb".equals(System.getenv("TERM"))
                ? "\u001b[1mOnce\uFFFD\u001b[0m"
                : "Once\uFFFD";
        assertThat(run.out()).startsWith(bold).endsWith(System.lineSeparator());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
            -m model.gguf x            | no such file: model.gguf (-m takes a model folder as Hugging Face lays it out, a
            -m PHI3 x                  | ggml-vocab-phi-3.gguf: general.architecture: expected one of [llama, bitnet,
            -m hf:no-such/model x       | no-such/model is not in the cache
            -m hf:../a x               | '../a' is no name of a repository, expected ORGANISATION/NAME
            -m nosuch x                | no such model: nosuch (-m takes a model folder
            -m no/such/folder x        | no such model: no/such/folder (-m takes a model folder
            -m STORIES/config.json x   | config.json is a file
            -m STORIES -n 0 x          | max tokens: expected at least 1, found 0
            -m STORIES --top-p 2 x     | top-p: expected more than 0, at most 1, found 2.0
            -m STORIES --context 513 x | context: expected 1 to 512, which is all that the model has, found 513
            -m STORIES --context 2 abc | the prompt has 4 tokens, the context holds 2
            -m STORIES --logit-bias 512=1 x | --logit-bias: token 512 is not in the vocabulary of 512
            -m STORIES -t 0 x          | --threads: expected 1 to 1024, found 0
            -m STORIES --logprobs 3 x  | --logprobs is for --json
            -m STORIES -n many x       | invalid value for option '--max-tokens'
            Once upon a time           | the prompt is 4 arguments, expected one (put it into quotes:
            --file nosuch.txt          | no such file or folder: nosuch.txt
            --tmperature 0 x           | unknown option '--tmperature', did you mean --temperature?
            """)
    void aWrongArgumentIsOneLine(String arguments, String line) {
        Run wrong = Run.tern(("run " + arguments.replace("STORIES", STORIES).replace("PHI3",
                Run.file("tokenizers/phi-3/ggml-vocab-phi-3.gguf").toString())).split(" "));
        assertThat(wrong.error()).startsWith("tern: ").contains(line).hasLineCount(1);
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(wrong.out()).isEmpty();
    }

    @Test
    void withoutAPromptATerminalGetsAnExample() {
        Run wrong = Run.atTerminal("run", "-m", STORIES);
        assertThat(wrong.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(wrong.error()).startsWith("tern: no prompt (such as: tern run \"Once upon a time\")");
    }

    @Test
    void theBundledModelLiesInTheProgramsHome() {
        String before = System.getProperty("tern.home");
        try {
            System.clearProperty("tern.home");
            assertThat(Run.tern("run", "x").error()).contains("the program does not know its home");
            System.setProperty("tern.home", folder.toString());
            assertThat(Run.tern("run", "x").error()).contains("the model that tern brings along is missing: " + folder);
            System.setProperty("tern.home", Run.home().toString());
            assertThat(Run.tern("run", "-n", "2", "--temperature", "0", "Once").out()).isEqualToIgnoringNewLines(
                    "Once upon a");
        } finally {
            if (before == null) {
                System.clearProperty("tern.home");
            } else {
                System.setProperty("tern.home", before);
            }
        }
    }
}
