package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.command.ExitCode;
import org.ternlm.format.safetensors.SafetensorsFile;

class ScoreCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String STORIES = Run.model("stories260K-llama-f32");

    @TempDir
    Path folder;

    @Test
    void givesTheLossOfTheReference() throws IOException {
        Run run = Run.tern("score", "-m", STORIES, "--stats", "--file",
                Run.file("eval/tinystories60.tokens.jsonl").toString());
        assertThat(run.exitCode()).isZero();
        double sum = 0;
        int scored = 0;
        for (JsonNode line : lines(run.out())) {
            assertThat(line.fieldNames()).toIterable().containsExactly("tokens", "logprobs", "sum", "greedy");
            assertThat(line.get("logprobs")).hasSameSizeAs(line.get("tokens"));
            assertThat(line.at("/logprobs/0").isNull()).isTrue();
            sum += line.get("sum").asDouble();
            scored += line.get("logprobs").size() - 1;
        }
        assertThat(scored).isEqualTo(19_401);
        assertThat(-sum / scored).isCloseTo(1.22654, within(0.0005));
        assertThat(run.error()).contains("19,401 tokens", "1.2265", "perplexity");
    }

    @ParameterizedTest
    @ValueSource(strings = {"bitnet-2b4t-packed", "bitnet-2b4t-bf16-master", "llama-158-packed-bitlinear",
            "llama-bf16-spm"})
    void givesTheGoldenLogProbabilities(String name) throws IOException {
        Path model = Path.of(Run.model("golden/" + name));
        JsonNode cases = JSON.readTree(model.resolve("expected.json").toFile());
        StringBuilder input = new StringBuilder();
        for (JsonNode example : cases) {
            input.append("{\"tokens\":").append(example.get("input_ids")).append("}\n");
        }
        List<JsonNode> scores = lines(Run.reading(input.toString(), "score", "-m", model.toString()).out());
        assertThat(scores).hasSameSizeAs(cases);
        try (Arena arena = Arena.ofConfined()) {
            SafetensorsFile expected = SafetensorsFile.open(model.resolve("expected.safetensors"), arena);
            for (int i = 0; i < scores.size(); i++) {
                float[] logits = Objects.requireNonNull(expected.tensors().get("logits." + i)).floats();
                compare(scores.get(i), logits);
            }
        }
    }

    private static void compare(JsonNode score, float[] logits) {
        int length = score.get("tokens").size();
        int vocabulary = logits.length / length;
        for (int at = 1; at < length; at++) {
            int start = (at - 1) * vocabulary;
            double sum = IntStream.range(start, start + vocabulary).mapToDouble(i -> Math.exp(logits[i])).sum();
            double expected = logits[start + score.get("tokens").get(at).asInt()] - Math.log(sum);
            assertThat(score.get("logprobs").get(at).asDouble()).isCloseTo(expected, within(0.01));
        }
    }

    @Test
    void aTextIsEncodedWithBosAndAPairIsTheRestOfIt() throws IOException {
        List<JsonNode> scores = lines(Run.reading("""
                {"text": "Once upon a time"}

                {"context": "Once upon ", "continuation": "a time"}
                {"context": "", "continuation": "Once upon a time"}
                {"tokens": [403]}
                """, "score", "-m", STORIES).out());
        assertThat(scores).hasSize(4);
        JsonNode text = scores.getFirst();
        assertThat(text.get("tokens").toString()).isEqualTo("[1,403,407,261,378]");
        JsonNode pair = scores.get(1);
        assertThat(pair.get("tokens").toString()).isEqualTo("[261,378]");
        assertThat(pair.at("/logprobs/0").asDouble()).isEqualTo(text.at("/logprobs/3").asDouble());
        assertThat(pair.get("sum").asDouble()).isEqualTo(pair.at("/logprobs/0").asDouble()
                + pair.at("/logprobs/1").asDouble());
        assertThat(pair.get("greedy").asBoolean()).isTrue();
        JsonNode whole = scores.get(2);
        assertThat(whole.get("tokens").toString()).isEqualTo("[403,407,261,378]");
        assertThat(whole.get("sum").asDouble()).isEqualTo(text.get("sum").asDouble(), within(1e-9));
        assertThat(scores.get(3).toString()).isEqualTo("""
                {"tokens":[403],"logprobs":[null],"sum":0.0,"greedy":true}""");
    }

    @Test
    void windowsTakeWhatIsLongerThanTheContext() throws IOException {
        String ids = IntStream.range(0, 50).mapToObj(i -> "4" + (10 + i % 30)).collect(Collectors.joining(","));
        String text = "{\"tokens\":[1," + ids + "]}\n";
        Run refused = Run.reading(text, "score", "-m", STORIES, "--context", "20");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(refused.error()).startsWith(
                "tern: input, line 1: the list has 51 tokens, the context holds 20 (--window ");
        JsonNode windowed = lines(Run.reading(text, "score", "-m", STORIES, "--context", "20", "--window").out())
                .getFirst();
        assertThat(windowed.get("logprobs")).hasSize(51);

        String pair = """
                {"context": "Once upon a time, there was a little girl named Lily. She had a", "continuation": " dog."}
                """;
        assertThat(Run.reading(pair, "score", "-m", STORIES, "--context", "8").error()).contains("line 1",
                "the context holds 8");
        JsonNode cut = lines(Run.reading(pair, "score", "-m", STORIES, "--context", "8", "--window").out()).getFirst();
        JsonNode full = lines(Run.reading(pair, "score", "-m", STORIES).out()).getFirst();
        assertThat(cut.get("tokens")).isEqualTo(full.get("tokens"));
        assertThat(cut.get("sum")).isNotEqualTo(full.get("sum"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"text": "a"                      | expected a JSON object
            {"text": "a"} {}                  | expected a JSON object
            {"text": "a", "text": "b"}        | Duplicate field 'text'
            [1]                               | expected a JSON object, found ARRAY
            {}                                | found an empty object
            {"texts": "a"}                    | found the keys texts
            {"text": "a", "tokens": [1]}      | found the keys text, tokens
            {"context": "a"}                  | found the keys context
            {"text": 3}                       | text: expected a string, found NUMBER
            {"context": "a", "continuation": null} | continuation: expected a string, found NULL
            {"context": "a", "continuation": ""}   | the continuation adds no token
            {"tokens": []}                    | expected at least one token, found none
            {"tokens": "1"}                   | tokens: expected a list of token ids, found STRING
            {"tokens": [1, 2.5]}              | tokens[1]: expected a token id, found 2.5
            {"tokens": [1, 512]}              | tokens[1]: 512 is not in the vocabulary of 512
            {"tokens": [-1]}                  | tokens[0]: -1 is not in the vocabulary of 512
            {"tokens": [1, 99999999999]}      | tokens[1]: expected a token id, found 99999999999
            """)
    void aBadLineIsNamedAndWhatCameBeforeStays(String line, String problem) throws IOException {
        Path file = Files.writeString(folder.resolve("in.jsonl"), "{\"tokens\":[1,403]}\n\n" + line + "\n");
        Run run = Run.tern("score", "-m", STORIES, "--file", file.toString());
        assertThat(run.error()).startsWith("tern: " + file + ", line 3: ").contains(problem).hasLineCount(1);
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).hasLineCount(1).startsWith("{\"tokens\":[1,403],");
    }

    @Test
    void bytesThatAreNoTextAreNamed() throws IOException {
        Path file = Files.write(folder.resolve("bad.jsonl"), new byte[] {'{', (byte) 0xFF, '}'});
        assertThat(Run.tern("score", "-m", STORIES, "--file", file.toString()).error()).isEqualToIgnoringNewLines(
                "tern: " + file + ", line 1 is not UTF-8 text");
    }

    private static List<JsonNode> lines(String text) {
        return text.lines().map(line -> {
            try {
                return JSON.readTree(line);
            } catch (IOException e) {
                throw new AssertionError(line, e);
            }
        }).toList();
    }
}
