package org.ternlm.tokenizer;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufMetadata;

/// Reads the tokenizer that a GGUF file carries in its metadata.
///
/// `tokenizer.ggml.model` is `gpt2` for byte-level pieces with merges, or `llama` for SentencePiece's with scores
/// ([ScoredMerges]).
final class GgufTokenizerReader {
    private static final String PREFIX = "tokenizer.ggml.";
    private static final String TOKENS = PREFIX + "tokens";
    private static final String TYPES = PREFIX + "token_type";
    private static final String MERGES = PREFIX + "merges";
    private static final String SCORES = PREFIX + "scores";
    private static final String MARK = "▁";
    /// The published file of BitNet 2B4T has Llama 3's vocabulary and does not say how it cuts a text.
    private static final int LLAMA3_SIZE = 128_256;
    private static final int LLAMA3_BOS = 128_000;

    private final GgufMetadata metadata;
    private final TypedPieces pieces;
    private final Vocabulary vocabulary;

    private GgufTokenizerReader(GgufMetadata metadata) {
        this.metadata = metadata;
        pieces = pieces(metadata);
        vocabulary = pieces.vocabulary();
    }

    /// @throws ModelFormatException if there is none, it is damaged, or asks for what is not supported
    static Tokenizer read(Path path) {
        try (Arena arena = Arena.ofConfined()) {
            return read(GgufFile.open(path, arena).metadata());
        }
    }

    static Tokenizer read(GgufMetadata metadata) {
        return switch (metadata.text(PREFIX + "model")) {
            case "gpt2" -> new GgufTokenizerReader(metadata).byteLevel();
            case "llama" -> new GgufTokenizerReader(metadata).sentencePiece();
            default -> throw metadata.wrong(PREFIX + "model", "gpt2 or llama");
        };
    }

    private static TypedPieces pieces(GgufMetadata metadata) {
        List<String> tokens = metadata.texts(TOKENS);
        int[] types = metadata.optionalWholes(TYPES, tokens.size())
                .orElseThrow(() -> metadata.wrong(TYPES, "an array of " + tokens.size() + " integers"));
        return TypedPieces.of(tokens, types, false, new TypedPieces.Places() {
            @Override
            public ModelFormatException.Problem piece(int id) {
                return metadata.problem(TOKENS + "." + id);
            }

            @Override
            public ModelFormatException.Problem type(int id) {
                return metadata.problem(TYPES + "." + id);
            }
        });
    }

    private Tokenizer byteLevel() {
        if (metadata.flag(PREFIX + "add_space_prefix", false)) {
            throw metadata.wrong(PREFIX + "add_space_prefix", "false for a byte-level vocabulary");
        }
        GgufPreTokenizer pre = preTokenizer();
        SymbolTable symbols = SymbolTable.of(vocabulary);
        requireComplete(symbols.missingByte());
        BytePairModel model = new BytePairModel(vocabulary, symbols, merges(), new int[0], -1, false,
                pre.keepsPieces());
        return tokenizer(new Normalizer.Sequence(List.of()), pre.steps(), model,
                List.of(new DecodeStep.ReadBytes()), pre.addsBos());
    }

    private GgufPreTokenizer preTokenizer() {
        String key = PREFIX + "pre";
        String name = metadata.optionalText(key).orElse(isLlama3() ? "llama-bpe" : "default");
        return GgufPreTokenizer.named(name)
                .orElseThrow(() -> metadata.wrong(key, "one of " + GgufPreTokenizer.allNames()));
    }

    private boolean isLlama3() {
        return vocabulary.size() == LLAMA3_SIZE && "<|begin_of_text|>".equals(vocabulary.pieces()[LLAMA3_BOS]);
    }

    private MergeTable merges() {
        List<String> lines = metadata.texts(MERGES);
        MergeTable merges = new MergeTable(lines.size());
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            int space = line.indexOf(' ');
            if (space < 1 || space == line.length() - 1 || space != line.lastIndexOf(' ')) {
                throw metadata.problem(MERGES + "." + i).expected("two pieces with one space between them").found(line)
                        .problem();
            }
            String left = line.substring(0, space);
            String right = line.substring(space + 1);
            if (!merges.add(piece(i, left), piece(i, right), piece(i, left + right))) {
                throw metadata.problem(MERGES + "." + i).expected("each pair once").found(line + " again").problem();
            }
        }
        return merges;
    }

    private int piece(int merge, String piece) {
        OptionalInt id = vocabulary.id(piece);
        if (id.isEmpty() || vocabulary.isAddedOnly(id.getAsInt())) {
            throw metadata.problem(MERGES + "." + merge).expected("pieces of " + TOKENS).found(piece)
                    .problem();
        }
        return id.getAsInt();
    }

    private Tokenizer sentencePiece() {
        if (metadata.flag(PREFIX + "remove_extra_whitespaces", false)) {
            throw metadata.wrong(PREFIX + "remove_extra_whitespaces", "false (not supported)");
        }
        boolean prefix = metadata.flag(PREFIX + "add_space_prefix", true);
        int unknown = token("unknown").orElse(-1);
        int[] bytes = ByteRun.tokens(vocabulary);
        if (unknown < 0) {
            requireComplete(ByteRun.missing(bytes));
        }
        BytePairModel model = new BytePairModel(vocabulary, SymbolTable.of(vocabulary), scoredMerges(), bytes, unknown,
                false, false);
        Finder space = new Finder.Literal(" ");
        List<Normalizer> steps = new ArrayList<>(List.of(new Normalizer.Replace(space, MARK)));
        List<DecodeStep> decodeSteps = new ArrayList<>(List.of(new DecodeStep.Replace(new Finder.Literal(MARK), " "),
                new DecodeStep.ReadByteTokens(), new DecodeStep.Fuse()));
        if (prefix) {
            steps.addFirst(new Normalizer.Prepend(MARK));
            decodeSteps.add(new DecodeStep.StripText(" ", 1));
        }
        return tokenizer(new Normalizer.Sequence(List.copyOf(steps)), List.of(), model, decodeSteps, true);
    }

    private MergeTable scoredMerges() {
        return ScoredMerges.of(pieces, metadata.reals(SCORES, vocabulary.size()),
                id -> metadata.problem(SCORES + "." + id));
    }

    private void requireComplete(String missing) {
        if (!missing.isEmpty()) {
            throw metadata.problem(TOKENS).expected("a piece for every byte").found("no " + missing)
                    .hint("characters would vanish from texts").problem();
        }
    }

    private Tokenizer tokenizer(Normalizer normalizer, List<PreTokenizer> preTokenizers, BytePairModel model,
            List<DecodeStep> decodeSteps, boolean usuallyAddsBos) {
        OptionalInt bos = token("bos");
        OptionalInt eos = token("eos");
        boolean addsBos = adds("add_bos_token", bos, usuallyAddsBos);
        boolean addsEos = adds("add_eos_token", eos, false);
        Template template = new Template(addsBos ? bos.stream().toArray() : new int[0],
                addsEos ? eos.stream().toArray() : new int[0]);
        return new Tokenizer(new AddedTokens(pieces.addedTokens(), normalizer), preTokenizers, model, template,
                decodeSteps, bos, eos);
    }

    private boolean adds(String name, OptionalInt token, boolean usually) {
        String key = PREFIX + name;
        boolean adds = metadata.flag(key, usually && token.isPresent());
        if (adds && token.isEmpty()) {
            throw metadata.problem(key).expected("a token to be added").found("none").problem();
        }
        return adds;
    }

    private OptionalInt token(String name) {
        String key = PREFIX + name + "_token_id";
        OptionalLong id = metadata.optionalWhole(key);
        if (id.isEmpty()) {
            return OptionalInt.empty();
        }
        if (id.getAsLong() < 0 || id.getAsLong() >= vocabulary.size() || !vocabulary.has((int) id.getAsLong())) {
            throw metadata.wrong(key, "a token of the vocabulary, 0 to " + (vocabulary.size() - 1));
        }
        return OptionalInt.of((int) id.getAsLong());
    }
}
