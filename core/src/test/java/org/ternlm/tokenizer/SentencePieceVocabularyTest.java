package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real SentencePiece vocabularies of 32 thousand pieces, against the ids that llama.cpp publishes for them. They come
/// as GGUF with scores; a merge is any two pieces that make a piece, and the score of what they make is its rank.
class SentencePieceVocabularyTest {
    private static final int NORMAL = 1;
    private static final int BYTE = 6;

    @TempDir
    Path scratch;

    @ParameterizedTest
    @ValueSource(strings = {"llama-spm", "phi-3"})
    void agreesWithLlamaCpp(String name) throws IOException {
        Path gguf = TestFolders.data().resolve("tokenizers/" + name + "/ggml-vocab-" + name + ".gguf");
        write(Gguf.read(gguf));
        GoldenTokensTest.agreesWithLlamaCpp(Tokenizer.load(scratch), gguf);
        OracleComparison.compare(scratch, 1_000);
    }

    private void write(Map<String, List<Object>> gguf) throws IOException {
        List<Object> pieces = gguf.getOrDefault("tokenizer.ggml.tokens", List.of());
        List<Object> types = gguf.getOrDefault("tokenizer.ggml.token_type", List.of());
        TestFolders.variant(TestFolders.STORIES, scratch, json -> {
            ObjectNode model = (ObjectNode) json.get("model");
            ObjectNode vocabulary = model.putObject("vocab");
            ArrayNode added = json.putArray("added_tokens");
            for (int id = 0; id < pieces.size(); id++) {
                String piece = (String) pieces.get(id);
                vocabulary.put(piece, id);
                if ((int) types.get(id) != NORMAL && (int) types.get(id) != BYTE) {
                    added.addObject().put("id", id).put("content", piece).put("single_word", false).put("lstrip", false)
                            .put("rstrip", false).put("normalized", false).put("special", true);
                }
            }
            ArrayNode merges = model.putArray("merges");
            merges(pieces, types, gguf.getOrDefault("tokenizer.ggml.scores", List.of()))
                    .forEach(merge -> merges.addArray().add(merge[0]).add(merge[1]));
        });
    }

    private static Stream<String[]> merges(List<Object> pieces, List<Object> types, List<Object> scores) {
        Map<String, Float> normal = new HashMap<>();
        IntStream.range(0, pieces.size()).filter(id -> (int) types.get(id) == NORMAL)
                .forEach(id -> normal.put((String) pieces.get(id), (Float) scores.get(id)));
        return normal.entrySet().stream().sorted(Map.Entry.comparingByValue(Comparator.reverseOrder()))
                .map(Map.Entry::getKey)
                .flatMap(piece -> IntStream.range(1, piece.length())
                        .mapToObj(cut -> new String[] {piece.substring(0, cut), piece.substring(cut)})
                        .filter(parts -> normal.containsKey(parts[0]) && normal.containsKey(parts[1])));
    }

    /// As much of GGUF as holds a vocabulary: its arrays, by name.
    private record Gguf(ByteBuffer in) {

        static Map<String, List<Object>> read(Path file) throws IOException {
            Gguf gguf = new Gguf(ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN));
            // magic, version and number of tensors
            gguf.in.position(16);
            long count = gguf.in.getLong();
            Map<String, List<Object>> arrays = new HashMap<>();
            for (long i = 0; i < count; i++) {
                String key = gguf.string();
                if (gguf.value(gguf.in.getInt()) instanceof List<?> list) {
                    arrays.put(key, List.copyOf(list));
                }
            }
            return arrays;
        }

        private String string() {
            byte[] bytes = new byte[Math.toIntExact(in.getLong())];
            in.get(bytes);
            return new String(bytes, StandardCharsets.UTF_8);
        }

        private Object value(int type) {
            return switch (type) {
                case 0, 1, 7 -> in.get();
                case 2, 3 -> in.getShort();
                case 4, 5 -> in.getInt();
                case 6 -> in.getFloat();
                case 8 -> string();
                case 9 -> list(in.getInt());
                default -> in.getLong();
            };
        }

        private List<Object> list(int type) {
            long count = in.getLong();
            List<Object> list = new ArrayList<>();
            for (long i = 0; i < count; i++) {
                list.add(value(type));
            }
            return list;
        }
    }
}
