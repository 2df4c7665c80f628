package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Arrays;
import java.util.OptionalInt;
import java.util.Set;
import org.ternlm.format.ModelFormatException;

/// Reads `model`: byte pair encoding with its merges.
///
/// A merge of two pieces makes the piece that is spelt like both together. Since no part is empty, what it makes is
/// longer than its parts, so merging always ends.
final class ModelReader {
    private static final int MOST_MERGES = 1 << 26;
    private static final Set<String> SETTINGS = Set.of("type", "dropout", "unk_token", "continuing_subword_prefix",
            "end_of_word_suffix", "fuse_unk", "byte_fallback", "ignore_merges", "vocab", "merges");

    private final JsonPlace model;
    private final Vocabulary vocabulary;

    ModelReader(JsonPlace model, Vocabulary vocabulary) {
        this.model = model;
        this.vocabulary = vocabulary;
    }

    /// @param byteLevel whether pieces are spelt in the [ByteAlphabet]
    /// @throws ModelFormatException if the model is damaged, or not supported, or cannot encode every text
    BytePairModel read(boolean byteLevel) {
        SymbolTable symbols = symbols();
        MergeTable merges = merges();
        int[] byteTokens = model.get("byte_fallback").flag(false) ? byteTokens() : new int[0];
        int unknownToken = unknownToken();
        if (unknownToken < 0) {
            requireComplete(byteLevel, symbols, byteTokens);
        }
        return new BytePairModel(vocabulary, symbols, merges, byteTokens, unknownToken,
                model.get("fuse_unk").flag(false), model.get("ignore_merges").flag(false));
    }

    /// @throws ModelFormatException if `model` is of another type, or has settings that are not supported
    static void requireSupported(JsonPlace model) {
        JsonPlace type = model.get("type");
        // Old files do not say it; of the known types only this one has merges.
        boolean isOld = type.isAbsent() && model.get("merges").node().isArray();
        if (!isOld && !type.text().equals("BPE")) {
            throw type.wrong("BPE");
        }
        model.refuseOthers(SETTINGS);
        JsonPlace dropout = model.get("dropout");
        if (!dropout.isAbsent() && dropout.node().asDouble(1) != 0) {
            throw dropout.wrong("no dropout");
        }
        for (String affix : new String[] {"continuing_subword_prefix", "end_of_word_suffix"}) {
            JsonPlace place = model.get(affix);
            if (!place.isAbsent() && !place.text().isEmpty()) {
                throw place.wrong("none (not supported)");
            }
        }
    }

    private SymbolTable symbols() {
        SymbolTable symbols = new SymbolTable();
        vocabulary.ids().forEach((piece, id) -> {
            if (!piece.isEmpty() && !vocabulary.isAddedOnly(id)
                    && Character.charCount(piece.codePointAt(0)) == piece.length()) {
                symbols.put(piece.codePointAt(0), id);
            }
        });
        return symbols;
    }

    private MergeTable merges() {
        JsonPlace list = model.get("merges");
        if (!list.node().isArray() || list.node().size() > MOST_MERGES) {
            throw list.wrong("an array of at most " + MOST_MERGES + " merges");
        }
        MergeTable merges = new MergeTable(list.node().size());
        int index = 0;
        for (JsonNode node : list.node()) {
            Merge merge = new Merge(list, index++, node);
            String left = merge.left();
            String right = merge.right(left);
            if (left.isEmpty() || right.isEmpty()) {
                throw merge.problem().expected("two pieces").found("an empty one, with which merging would not end")
                        .problem();
            }
            if (!merges.add(piece(merge, left), piece(merge, right), piece(merge, left + right))) {
                throw merge.problem().expected("each pair once").found(left + " " + right + " again").problem();
            }
        }
        return merges;
    }

    /// One of perhaps hundreds of thousands of merges, `"a b"` or `["a", "b"]`: where it stands is spelt out only
    /// when something is wrong with it.
    private record Merge(JsonPlace list, int index, JsonNode node) {

        String left() {
            if (node.isTextual()) {
                String text = node.textValue();
                int space = text.indexOf(' ');
                if (space < 0 || space != text.lastIndexOf(' ')) {
                    throw place().wrong("two pieces with a space between them");
                }
                return text.substring(0, space);
            }
            if (!node.isArray() || node.size() != 2) {
                throw place().wrong("two pieces");
            }
            return part(0);
        }

        String right(String left) {
            return node.isTextual() ? node.textValue().substring(left.length() + 1) : part(1);
        }

        private String part(int number) {
            JsonNode part = node.get(number);
            return part.isTextual() ? part.textValue() : place().elements().get(number).text();
        }

        private JsonPlace place() {
            return new JsonPlace(list.file(), list, String.valueOf(index), node);
        }

        ModelFormatException.Problem problem() {
            return place().problem();
        }
    }

    private int piece(Merge merge, String piece) {
        Integer id = vocabulary.ids().get(piece);
        if (id == null || vocabulary.isAddedOnly(id)) {
            throw merge.problem().expected("pieces of model.vocab").found(piece).problem();
        }
        return id;
    }

    private int unknownToken() {
        JsonPlace place = model.get("unk_token");
        if (place.isAbsent()) {
            return -1;
        }
        OptionalInt id = vocabulary.id(place.text());
        if (id.isEmpty() || vocabulary.isAddedOnly(id.getAsInt())) {
            throw place.wrong("a piece of model.vocab");
        }
        return id.getAsInt();
    }

    private int[] byteTokens() {
        int[] tokens = new int[256];
        Arrays.setAll(tokens, value -> {
            OptionalInt id = vocabulary.id(ByteRun.token(value));
            return id.isEmpty() || vocabulary.isAddedOnly(id.getAsInt()) ? -1 : id.getAsInt();
        });
        return tokens;
    }

    /// Without an unknown token, a character that has no piece would vanish from the text.
    private void requireComplete(boolean byteLevel, SymbolTable symbols, int[] byteTokens) {
        for (int value = 0; value < 256; value++) {
            boolean there = byteLevel
                    ? symbols.id(ByteAlphabet.symbol(value)) >= 0
                    : byteTokens.length > 0 && byteTokens[value] >= 0;
            if (!there) {
                String missing = byteLevel ? String.valueOf(ByteAlphabet.symbol(value)) : ByteRun.token(value);
                throw model.get("vocab").problem().expected("a piece for every byte, or an unk_token")
                        .found("no " + missing).hint("characters would vanish from texts").problem();
            }
        }
    }
}
