package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.ExitCode;

class InspectCommandTest {
    private static final String TERNARY = Run.model("tinystories-ternary-1M");
    private static final String DENSE = Run.model("stories260K-llama-f32");

    @TempDir
    Path folder;

    @Test
    void countsWhatIsThere() throws IOException {
        JsonNode found = json(TERNARY);
        assertThat(found.at("/weights/linear/number").asLong()).isEqualTo(1_179_648);
        // Four weights a byte, and a scale of each of the seven matrices.
        assertThat(found.at("/weights/linear/bytes").asLong())
                .isEqualTo(1_179_648 / 4 + 7L * found.get("layers").asInt() * scaleBytes(found));
        JsonNode all = found.at("/trits/all");
        long zero = all.get("zero").asLong();
        assertThat(all.get("minus").asLong() + zero + all.get("plus").asLong()).isEqualTo(1_179_648);
        assertThat(zero / 1_179_648.0).isBetween(0.355, 0.365);
        assertThat(all.get("entropy_bits").asDouble()).isBetween(1.57, 1.585);
        long bytes = 0;
        for (JsonNode tensor : found.get("tensors")) {
            bytes += tensor.get("bytes").asLong();
        }
        assertThat(bytes).isEqualTo(bytes(found, "linear") + bytes(found, "embedding") + bytes(found, "norm"));
    }

    @Test
    void tellsWhatTheHeadIsMadeOf() throws IOException {
        JsonNode file = json(TERNARY);
        assertThat(file.at("/memory/head").asText()).isEqualTo("F32, the embedding");
        JsonNode rounded = json(TERNARY, "--head", "4bit");
        assertThat(rounded.at("/memory/head").asText()).startsWith("4bit, made from F32: ");
        assertThat(rounded.at("/memory/weight_bytes").asLong()).isEqualTo(file.at("/memory/weight_bytes").asLong()
                + 512 * 128 / 2 + 512 * 128 / 32 + 512 * 4);
    }

    private static long scaleBytes(JsonNode found) {
        for (JsonNode tensor : found.get("tensors")) {
            if (tensor.get("name").asText().endsWith("weight_scale")) {
                return tensor.get("bytes").asLong();
            }
        }
        throw new AssertionError("no scales");
    }

    private static long bytes(JsonNode found, String place) {
        return found.at("/weights/" + place + "/bytes").asLong();
    }

    /// Products of one token at position n, by the shapes: 4 h² or less for attention's matrices, 3 h f, 2 n q, v h.
    @Test
    void countsTheWork() throws IOException {
        JsonNode found = json(DENSE, "--context", "100");
        assertThat(found.at("/multiply_accumulates/linear").asLong())
                .isEqualTo(5L * (2 * 64 * 64 + 2 * 32 * 64 + 3 * 64 * 172));
        assertThat(found.at("/multiply_accumulates/attention").asLong()).isEqualTo(5L * 2 * 64 * 100);
        assertThat(found.at("/multiply_accumulates/head").asLong()).isEqualTo(512L * 64);
        assertThat(found.at("/memory/key_value_bytes").asLong()).isEqualTo(5L * 2 * 32 * 4 * 100);
        assertThat(found.at("/trits/all/zero").asLong()).isZero();
    }

    @Test
    void showsAPageThatFits() {
        Run run = Run.atTerminal("inspect", TERNARY, "--tensors");
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("the head is the embedding", "ternary; the stored scale multiplies",
                "no multiplication", "layer 0", "model.embed_tokens.weight");
        String plain = run.out().replaceAll("\u001b\\[[0-9;]*m", "");
        assertThat(plain.lines().filter(line -> line.contains("bits") && !line.contains("model.")))
                .isNotEmpty().allMatch(line -> line.length() <= 80);
        assertThat(Run.tern("inspect", DENSE).out()).doesNotContain("ternary weights", "\u001b");
    }

    @Test
    void aModelWithoutTokenizerIsWorthLookingAt() throws IOException {
        for (String name : new String[] {"config.json", "model.safetensors"}) {
            Files.copy(Path.of(DENSE, name), folder.resolve(name));
        }
        Run run = Run.tern("inspect", "-m", folder.toString());
        assertThat(run.exitCode()).isZero();
        assertThat(run.out()).contains("cannot be read: ", "tokenizer.json");
    }

    @ParameterizedTest
    @CsvSource({"no-such-model, no such model", "MODEL --context 513, at most 512", "MODEL --context 0, at least 1",
            "MODEL -m other, two models", "MODEL --tensor, did you mean --tensors"})
    void wrongRequestsAreOneLine(String arguments, String message) {
        Run run = Run.tern(("inspect " + arguments.replace("MODEL", TERNARY)).split(" "));
        assertThat(run.exitCode()).isEqualTo(ExitCode.BAD_INPUT);
        assertThat(run.out()).isEmpty();
        assertThat(run.error().lines().findFirst().orElse("")).contains(message);
    }

    private static JsonNode json(String model, String... options) throws IOException {
        String[] arguments = new String[options.length + 3];
        arguments[0] = "inspect";
        arguments[1] = model;
        arguments[2] = "--json";
        System.arraycopy(options, 0, arguments, 3, options.length);
        Run run = Run.tern(arguments);
        assertThat(run.exitCode()).as(run.error()).isZero();
        return new JsonMapper().readTree(run.out());
    }
}
