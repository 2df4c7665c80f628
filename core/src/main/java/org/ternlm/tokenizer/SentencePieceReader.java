package org.ternlm.tokenizer;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;

/// Reads the tokenizer of a folder that has a `tokenizer.model` of SentencePiece and no `tokenizer.json`.
///
/// White space is treated as the model says, user-defined pieces are found in the normalized text, and the scores rank
/// the merges, all as SentencePiece does it. Around that stands what transformers puts there: control pieces and the
/// tokens of `added_tokens_decoder` and `added_tokens.json` are found in the text, BOS stands before it unless
/// `add_bos_token` is false, and `add_prefix_space` and `legacy` (false: a space before the first part only) overrule the
/// model's own word on the space.
final class SentencePieceReader {
    static final String NAME = "tokenizer.model";
    private static final String ADDED_TOKENS = "added_tokens.json";
    private static final String MARK = "▁";
    private static final int GAPS_ALLOWED = 1_024;
    private static final long LARGEST_FILE = 1L << 26;

    private final Path folder;
    private final SentencePieceFile file;
    private final TokenizerConfiguration configuration;

    private SentencePieceReader(Path folder) throws IOException {
        this.folder = folder;
        file = SentencePieceFile.read(folder.resolve(NAME));
        configuration = TokenizerConfiguration.read(folder);
    }

    /// @throws ModelFormatException if a file is damaged, or asks for what is not supported
    /// @throws IOException if a file cannot be read
    static Tokenizer read(Path folder) throws IOException {
        return new SentencePieceReader(folder).tokenizer();
    }

    private Tokenizer tokenizer() {
        TypedPieces own = TypedPieces.of(file.pieces(), file.types(), true, file);
        MergeTable merges = ScoredMerges.of(own, file.scores(), file::score);
        TypedPieces all = own.with(added(own));
        Vocabulary vocabulary = all.vocabulary();
        BytePairModel model = new BytePairModel(vocabulary, SymbolTable.of(vocabulary), merges, bytes(vocabulary),
                file.unknownId(), true, false);

        PreTokenizer.Prefix prefix = prefix();
        Normalizer normalizer = new Normalizer.SentencePieceSpaces(MARK, prefix, file.collapsesSpaces());
        List<DecodeStep> decodeSteps = new ArrayList<>(List.of(new DecodeStep.Replace(new Finder.Literal(MARK), " "),
                new DecodeStep.ReadByteTokens(), new DecodeStep.Fuse()));
        if (prefix != PreTokenizer.Prefix.NEVER) {
            decodeSteps.add(new DecodeStep.StripText(" ", 1));
        }

        OptionalInt bos = token("bos_token", file.bosId(), vocabulary);
        OptionalInt eos = token("eos_token", file.eosId(), vocabulary);
        Template template = configuration.overrule(new Template(bos.stream().toArray(), new int[0]), bos, eos);
        return new Tokenizer(new AddedTokens(all.addedTokens(), normalizer, UnaryOperator.identity()), List.of(), model,
                template, decodeSteps, bos, eos);
    }

    private int[] bytes(Vocabulary vocabulary) {
        if (!file.byteFallback()) {
            return new int[0];
        }
        int[] bytes = ByteRun.tokens(vocabulary);
        String missing = ByteRun.missing(bytes);
        if (!missing.isEmpty()) {
            throw file.at("pieces").expected("a piece for every byte, as byte_fallback has it").found("no " + missing)
                    .problem();
        }
        return bytes;
    }

    private PreTokenizer.Prefix prefix() {
        JsonPlace settings = configuration.get("sp_model_kwargs");
        if (!settings.isAbsent() && settings.members().iterator().hasNext()) {
            throw settings.wrong("no settings (not supported)");
        }
        if (!configuration.get("add_prefix_space").flag(file.addsSpace())) {
            return PreTokenizer.Prefix.NEVER;
        }
        return configuration.get("legacy").flag(true) ? PreTokenizer.Prefix.ALWAYS : PreTokenizer.Prefix.FIRST;
    }

    private OptionalInt token(String name, int usual, Vocabulary vocabulary) {
        if (!configuration.get(name).isAbsent()) {
            return configuration.token(name, vocabulary);
        }
        return usual >= 0 && vocabulary.has(usual) ? OptionalInt.of(usual) : OptionalInt.empty();
    }

    private List<AddedToken> added(TypedPieces own) {
        Map<Integer, AddedToken> tokens = new TreeMap<>(configuration.addedTokens());
        Map<String, Integer> ids = new HashMap<>(own.vocabulary().ids());
        tokens.values().forEach(token -> add(token, configuration.get("added_tokens_decoder"), own, ids));
        Path path = folder.resolve(ADDED_TOKENS);
        if (Files.isRegularFile(path)) {
            JsonPlace root = new JsonPlace(path, null, "the whole file", JsonFile.read(path, LARGEST_FILE));
            for (JsonPlace member : root.members()) {
                AddedToken token = new AddedToken(member.count(), member.key(), false, false, false, false, true);
                add(token, member, own, ids);
                AddedToken other = tokens.putIfAbsent(token.id(), token);
                if (other != null && !other.content().equals(token.content())) {
                    throw member.wrong("an id that " + other.content() + " has not");
                }
            }
        }
        for (int id : tokens.keySet()) {
            if (id > own.vocabulary().size() + tokens.size() + GAPS_ALLOWED) {
                throw configuration.get("added_tokens_decoder").problem().expected("ids without large gaps").found(id)
                        .problem();
            }
        }
        return List.copyOf(tokens.values());
    }

    /// A token is a piece that is there, under its id, or a new one under a new id.
    private void add(AddedToken token, JsonPlace place, TypedPieces own, Map<String, Integer> ids) {
        Integer known = ids.putIfAbsent(token.content(), token.id());
        if (known != null && known != token.id()) {
            throw place.problem().expected("%d, the id of %s".formatted(known, token.content())).found(token.id())
                    .problem();
        }
        if (known == null && own.vocabulary().has(token.id())) {
            throw place.problem().expected(own.vocabulary().pieces()[token.id()] + " as token " + token.id())
                    .found(token.content()).hint(NAME + " and this file do not belong together").problem();
        }
    }
}
