package org.ternlm.fuzz;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.Fixtures;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Small sound files that a fuzzer starts from.
final class FuzzSeeds {
    private static final int WIDTH = 64;

    private FuzzSeeds() {}

    static List<byte[]> of(FuzzTarget target) throws IOException {
        return switch (target) {
            case SAFETENSORS -> List.of(safetensors());
            case GGUF -> List.of(gguf(true), gguf(false));
            case TOKENIZER_JSON -> List.of(bytes("""
                    {"added_tokens": [{"id": 6, "content": "<x>", "special": true}], "normalizer": {"type": "Sequence",
                     "normalizers": [{"type": "Prepend", "prepend": "a"}, {"type": "NFC"}]}, "pre_tokenizer":
                     {"type": "Split", "pattern": {"Regex": "\\\\s+(?!\\\\S)|[^a-c]"}, "behavior": "Isolated",
                     "invert": false}, "post_processor": null, "decoder": {"type": "Fuse"},
                     "model": {"type": "BPE", "unk_token": "?", "vocab": {"?": 0, "a": 1, "b": 2, "c": 3, "ab": 4,
                     "abc": 5}, "merges": ["a b", ["ab", "c"]]}}"""),
                    Files.readAllBytes(Fixtures.bundledModel().resolve("tokenizer.json")));
            case TOKENIZER_MODEL -> List.of(Files.readAllBytes(Fixtures.file("tokenizers/tok512/tokenizer.model")));
        };
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] safetensors() {
        String header = """
                {"__metadata__": {"format": "pt"}, "a": {"dtype": "F32", "shape": [2, 2], "data_offsets": [0, 16]},
                "b": {"dtype": "BF16", "shape": [4], "data_offsets": [16, 24]}}""";
        byte[] json = bytes(header);
        byte[] file = new byte[8 + json.length + 24];
        file[0] = (byte) json.length;
        System.arraycopy(json, 0, file, 8, json.length);
        return file;
    }

    /// One layer of ternary weights and eight pieces.
    private static byte[] gguf(boolean byScores) {
        GgufBuilder file = new GgufBuilder().put("general.architecture", "llama").put("llama.embedding_length", WIDTH)
                .put("llama.block_count", 1).put("llama.feed_forward_length", WIDTH)
                .put("llama.attention.head_count", 2).put("llama.context_length", 32)
                .put("llama.attention.layer_norm_rms_epsilon", 1e-5f);
        List<String> pieces = new ArrayList<>(List.of("<unk>", "<s>", "</s>", "a", "b", "▁", "ab", "<x>"));
        int[] types = {2, 3, 3, 1, 1, 1, 1, 4};
        if (byScores) {
            file.put("tokenizer.ggml.model", "llama").put("tokenizer.ggml.tokens", pieces)
                    .put("tokenizer.ggml.scores", new float[] {0, 0, 0, -1, -2, -3, -4, 0})
                    .put("tokenizer.ggml.unknown_token_id", 0);
        } else {
            file.put("tokenizer.ggml.model", "gpt2").put("tokenizer.ggml.tokens", pieces)
                    .put("tokenizer.ggml.pre", "gpt-2").put("tokenizer.ggml.merges", List.of("a b"));
        }
        file.put("tokenizer.ggml.token_type", types).put("tokenizer.ggml.bos_token_id", 1)
                .tensor("token_embd.weight", new float[8 * WIDTH], WIDTH, 8)
                .tensor("output_norm.weight", new float[WIDTH], WIDTH)
                .tensor("blk.0.attn_norm.weight", new float[WIDTH], WIDTH)
                .tensor("blk.0.ffn_norm.weight", new float[WIDTH], WIDTH);
        for (String name : List.of("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")) {
            file.tensor("blk.0." + name + ".weight", GgufType.IQ2_BN, ternary(), WIDTH, WIDTH);
        }
        return file.build();
    }

    private static byte[] ternary() {
        byte[] trits = new byte[WIDTH * WIDTH];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (i % 3 - 1);
        }
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment packed = arena.allocate(Packings.IQ2_BN.byteSize(WIDTH, WIDTH));
            Packings.IQ2_BN.encode(new TernaryMatrix(WIDTH, WIDTH, trits, new float[] {0.5f}), packed);
            return packed.toArray(ValueLayout.JAVA_BYTE);
        }
    }
}
