package org.ternlm.tokenizer;

import java.util.List;
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

    private final TokenizerFile file;
    private final JsonPlace model;
    private final Vocabulary vocabulary;

    ModelReader(TokenizerFile file, Vocabulary vocabulary) {
        this.file = file;
        this.model = file.root().get("model");
        this.vocabulary = vocabulary;
    }

    /// @param byteLevel whether pieces are spelt in the [ByteAlphabet]
    /// @throws ModelFormatException if the model is damaged, or not supported, or cannot encode every text
    BytePairModel read(boolean byteLevel) {
        SymbolTable symbols = SymbolTable.of(vocabulary);
        MergeTable merges = merges();
        int[] byteTokens = model.get("byte_fallback").flag(false) ? ByteRun.tokens(vocabulary) : new int[0];
        int unknownToken = unknownToken();
        if (unknownToken < 0) {
            requireComplete(byteLevel, symbols, byteTokens);
        }
        return new BytePairModel(vocabulary, symbols, merges, byteTokens, unknownToken,
                model.get("fuse_unk").flag(false), model.get("ignore_merges").flag(false));
    }

    /// @throws ModelFormatException if the model is of another type, or has settings that are not supported
    static void requireSupported(TokenizerFile file) {
        JsonPlace model = file.root().get("model");
        JsonPlace type = model.get("type");
        // Old files do not say it; of the known types only this one has merges.
        boolean isOld = type.isAbsent() && file.merges() != null;
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

    private MergeTable merges() {
        JsonPlace place = model.get("merges");
        List<String> parts = file.merges();
        if (parts == null || parts.size() > 2 * MOST_MERGES) {
            throw place.wrong("an array of at most " + MOST_MERGES + " merges");
        }
        MergeTable merges = new MergeTable(parts.size() / 2);
        for (int i = 0; i < parts.size(); i += 2) {
            String left = parts.get(i);
            String right = parts.get(i + 1);
            if (left.isEmpty() || right.isEmpty()) {
                throw merge(i).expected("two pieces").found("an empty one, with which merging would not end").problem();
            }
            if (!merges.add(piece(i, left), piece(i, right), piece(i, left + right))) {
                throw merge(i).expected("each pair once").found(left + " " + right + " again").problem();
            }
        }
        return merges;
    }

    private int piece(int part, String piece) {
        Integer id = vocabulary.ids().get(piece);
        if (id == null || vocabulary.isAddedOnly(id)) {
            throw merge(part).expected("pieces of model.vocab").found(piece).problem();
        }
        return id;
    }

    private ModelFormatException.Problem merge(int part) {
        return ModelFormatException.in(model.file()).at("model.merges." + part / 2);
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

    /// Without an unknown token, a character that has no piece would vanish from the text.
    private void requireComplete(boolean byteLevel, SymbolTable symbols, int[] byteTokens) {
        String missing = byteLevel ? symbols.missingByte() : ByteRun.missing(byteTokens);
        if (!missing.isEmpty()) {
            throw model.get("vocab").problem().expected("a piece for every byte, or an unk_token")
                    .found("no " + missing).hint("characters would vanish from texts").problem();
        }
    }
}
