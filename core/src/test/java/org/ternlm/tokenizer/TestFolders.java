package org.ternlm.tokenizer;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/// The tokenizers that tests use, and variants of them.
final class TestFolders {
    static final ObjectMapper JSON = new ObjectMapper();
    static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));
    static final Path GOLDEN = ROOT.resolve("testdata/models/golden");
    static final Path BYTE_LEVEL = GOLDEN.resolve("bitnet-2b4t-packed");
    static final Path SENTENCE_PIECE = GOLDEN.resolve("llama-bf16-spm");
    static final Path STORIES = ROOT.resolve("testdata/models/tinystories-ternary-3M");
    static final Path GPT2 = ROOT.resolve("testdata/tokenizers/gpt2");

    private TestFolders() {}

    /// The folder of `-Dtern.data`; without it the test is skipped.
    static Path data() {
        String data = System.getProperty("tern.data", "");
        assumeFalse(data.isEmpty(), "needs -Dtern.data=DIR");
        return Path.of(data);
    }

    /// A copy of the tokenizer in `folder`, changed by `change`, in `target`.
    static Path variant(Path folder, Path target, Consumer<ObjectNode> change) throws IOException {
        ObjectNode json = (ObjectNode) JSON.readTree(folder.resolve("tokenizer.json").toFile());
        change.accept(json);
        Files.createDirectories(target);
        JSON.writeValue(target.resolve("tokenizer.json").toFile(), json);
        return target;
    }

    /// JSON with ' for ".
    static JsonNode json(String text) {
        try {
            return JSON.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new IllegalArgumentException(text, e);
        }
    }

    /// GPT-2's vocabulary and merges in the form of a `tokenizer.json`.
    static Path gpt2(Path target) throws IOException {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode model = root.putObject("model");
        model.put("type", "BPE");
        model.set("vocab", JSON.readTree(GPT2.resolve("encoder.json").toFile()));
        ArrayNode merges = model.putArray("merges");
        List<String> lines = Files.readAllLines(GPT2.resolve("vocab.bpe"));
        lines.stream().skip(1).filter(line -> !line.isEmpty()).forEach(merges::add);
        root.set("added_tokens", json("[{'id': 50256, 'content': '<|endoftext|>', 'single_word': false, "
                + "'lstrip': false, 'rstrip': false, 'normalized': true, 'special': true}]"));
        root.putNull("normalizer");
        root.set("pre_tokenizer", json("{'type': 'ByteLevel', 'add_prefix_space': false, 'trim_offsets': true}"));
        root.set("post_processor", json("{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': false}"));
        root.set("decoder", json("{'type': 'ByteLevel', 'add_prefix_space': true, 'trim_offsets': true}"));
        Files.createDirectories(target);
        JSON.writeValue(target.resolve("tokenizer.json").toFile(), root);
        return target;
    }
}
