package org.ternlm.tokenizer;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufEntries;

/// Says in GGUF's metadata what a tokenizer is: `gpt2` for byte-level pieces, `llama` for SentencePiece's.
///
/// GGUF says less than `tokenizer.json`. Expressions are named, not written; SentencePiece's merges are what the pieces
/// and their scores imply; whatever is not said is what llama.cpp does. So nothing is taken for granted: what has been
/// written is read again, and refused unless it does with every text what the tokenizer does ([TokenizerComparison]).
public final class GgufTokenizerWriter {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int USER_DEFINED = 4;
    private static final int UNUSED = 5;
    private static final int BYTE = 6;

    private final Tokenizer tokenizer;
    private final int size;
    private final GgufEntries entries = new GgufEntries();

    private GgufTokenizerWriter(Tokenizer tokenizer, int size) {
        this.tokenizer = tokenizer;
        this.size = size;
    }

    /// The tokens that start and end a text; -1 for none.
    public record Ids(int bos, int eos) {}

    /// The entries `tokenizer.ggml.…` of `tokenizer`.
    ///
    /// @param file where it comes from, for messages
    /// @param size of the model's vocabulary; ids without a piece become unused ones
    /// @throws ModelFormatException if GGUF cannot express it
    public static GgufEntries entries(Tokenizer tokenizer, Path file, int size, Ids ids) {
        GgufTokenizerWriter writer = new GgufTokenizerWriter(tokenizer, size);
        Optional<String> problem = writer.write(ids);
        if (problem.isEmpty()) {
            try {
                problem = TokenizerComparison.difference(tokenizer, GgufTokenizerReader.read(writer.entries.metadata(
                        file)));
            } catch (ModelFormatException e) {
                problem = Optional.of(String.valueOf(e.getMessage()));
            }
        }
        if (problem.isPresent()) {
            throw ModelFormatException.in(file).at("tokenizer").expected("one that GGUF can express")
                    .found(problem.get()).problem();
        }
        return writer.entries;
    }

    private Optional<String> write(Ids ids) {
        boolean byteLevel = tokenizer.preTokenizers().stream().anyMatch(PreTokenizer.SpellBytes.class::isInstance);
        Optional<String> problem = byteLevel ? writeByteLevel() : writeSentencePiece();
        if (problem.isEmpty()) {
            writeIds(ids);
        }
        return problem;
    }

    private Optional<String> writeByteLevel() {
        Optional<GgufPreTokenizer> pre = GgufPreTokenizer.doing(tokenizer.preTokenizers(), tokenizer.model()
                .wholePieces());
        if (pre.isEmpty()) {
            return Optional.of("expressions that have no name there: " + tokenizer.preTokenizers());
        }
        entries.put(PREFIX + "model", "gpt2").put(PREFIX + "pre", pre.get().usualName());
        writePieces();
        List<String> merges = new ArrayList<>();
        for (MergeTable.Merge merge : tokenizer.model().merges().sorted()) {
            merges.add(tokenizer.piece(merge.left()) + " " + tokenizer.piece(merge.right()));
        }
        entries.put(PREFIX + "merges", merges);
        return Optional.empty();
    }

    private Optional<String> writeSentencePiece() {
        boolean prefix = hasPrefix();
        entries.put(PREFIX + "model", "llama").put(PREFIX + "pre", "default");
        writePieces();
        float[] scores = new float[size];
        int made = 0;
        int rank = -1;
        // Behind all that merge; only the order counts.
        int last = tokenizer.vocabularySize();
        boolean[] ranked = new boolean[size];
        for (MergeTable.Merge merge : tokenizer.model().merges().sorted()) {
            if (!ranked[merge.result()]) {
                ranked[merge.result()] = true;
                made += merge.rank() == rank ? 0 : 1;
                rank = merge.rank();
                scores[merge.result()] = -made;
            }
        }
        for (int id = 0; id < size; id++) {
            scores[id] = ranked[id] || kind(id) != NORMAL ? scores[id] : -last++;
        }
        entries.put(PREFIX + "scores", scores).put(PREFIX + "add_space_prefix", prefix);
        if (tokenizer.model().unknownToken() >= 0) {
            entries.put(PREFIX + "unknown_token_id", tokenizer.model().unknownToken());
        }
        return Optional.empty();
    }

    private boolean hasPrefix() {
        return tokenizer.addedTokens().normalizer().plain() instanceof Normalizer.Sequence sequence
                && sequence.steps().stream().anyMatch(Normalizer.Prepend.class::isInstance);
    }

    private void writePieces() {
        List<String> pieces = new ArrayList<>(size);
        int[] kinds = new int[size];
        for (int id = 0; id < size; id++) {
            boolean missing = !tokenizer.vocabulary().has(id);
            pieces.add(missing ? "[PAD" + id + "]" : tokenizer.piece(id));
            kinds[id] = kind(id);
        }
        entries.put(PREFIX + "tokens", pieces).put(PREFIX + "token_type", kinds);
    }

    private int kind(int id) {
        Vocabulary vocabulary = tokenizer.vocabulary();
        if (!vocabulary.has(id)) {
            return UNUSED;
        }
        if (id == tokenizer.model().unknownToken()) {
            return UNKNOWN;
        }
        boolean bytes = tokenizer.model().byteTokens().length > 0;
        if (bytes && ByteRun.value(tokenizer.piece(id)) >= 0) {
            return BYTE;
        }
        if (vocabulary.isSpecial(id)) {
            return CONTROL;
        }
        boolean added = tokenizer.addedTokens().tokens().stream().anyMatch(token -> token.id() == id);
        return added ? USER_DEFINED : NORMAL;
    }

    private void writeIds(Ids ids) {
        writeId("bos", ids.bos);
        writeId("eos", ids.eos);
        Template template = tokenizer.template();
        entries.put(PREFIX + "add_bos_token", ids.bos >= 0 && Arrays.equals(template.before(), new int[] {ids.bos}));
        entries.put(PREFIX + "add_eos_token", ids.eos >= 0 && Arrays.equals(template.after(), new int[] {ids.eos}));
    }

    private void writeId(String name, int id) {
        if (id >= 0) {
            entries.put(PREFIX + name + "_token_id", id);
        }
    }
}
