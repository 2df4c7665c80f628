package org.ternlm.tokenizer;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Whether a tokenizer that was written in another form does with every text what the one does that it was made of.
///
/// Not tried on texts, but shown: the parts before and behind the merges must be the same ones, and the merges must make
/// the same of every piece, in the same order. See [MergeOrder] for why that is enough.
final class TokenizerComparison {
    /// Many times the longest run that is a piece: what becomes of runs repeats itself.
    private static final int LONGEST_RUN = 400;

    private final Tokenizer original;
    private final Tokenizer copy;

    private TokenizerComparison(Tokenizer original, Tokenizer copy) {
        this.original = original;
        this.copy = copy;
    }

    /// What is different in `copy`, in words; empty if nothing is. It may have more pieces behind those of the original,
    /// if no text becomes one of them.
    static Optional<String> difference(Tokenizer original, Tokenizer copy) {
        return Optional.ofNullable(new TokenizerComparison(original, copy).difference());
    }

    private @Nullable String difference() {
        String difference = vocabulary();
        difference = difference == null ? parts() : difference;
        difference = difference == null ? unknown() : difference;
        difference = difference == null ? pieces() : difference;
        return difference == null ? order() : difference;
    }

    private @Nullable String vocabulary() {
        Vocabulary from = original.vocabulary();
        Vocabulary to = copy.vocabulary();
        for (int id = 0; id < from.size(); id++) {
            if (from.has(id) && (!to.has(id) || !Objects.equals(from.pieces()[id], to.pieces()[id]))) {
                return "the piece %s has another id".formatted(from.pieces()[id]);
            }
            if (from.has(id) && from.isSpecial(id) != to.isSpecial(id)) {
                return "the token %s is %s".formatted(from.pieces()[id], from.isSpecial(id)
                        ? "special, which it cannot be there"
                        : "not special, which it would be there");
            }
        }
        return null;
    }

    private @Nullable String parts() {
        Normalizer normalizer = original.addedTokens().normalizer();
        if (!normalizer.plain().equals(copy.addedTokens().normalizer().plain())) {
            return "another normalizer: " + normalizer;
        }
        if (!steps(original.preTokenizers()).equals(steps(copy.preTokenizers()))) {
            return "another pre-tokenizer: " + steps(original.preTokenizers());
        }
        if (!original.decodeSteps().equals(copy.decodeSteps())) {
            return "another decoder: " + original.decodeSteps();
        }
        if (!Arrays.equals(original.template().before(), copy.template().before())
                || !Arrays.equals(original.template().after(), copy.template().after())) {
            return "other special tokens around a text: %s … %s".formatted(
                    Arrays.toString(original.template().before()),
                    Arrays.toString(original.template().after()));
        }
        if (!added(original).equals(added(copy))) {
            return "added tokens that are looked for in another way: " + onlyIn(added(original), added(copy));
        }
        return null;
    }

    private static Set<AddedToken> onlyIn(Set<AddedToken> left, Set<AddedToken> right) {
        return left.stream().filter(token -> !right.contains(token)).limit(1).collect(Collectors.toSet());
    }

    /// Patterns have no equality of their own.
    private static List<String> steps(List<PreTokenizer> steps) {
        return steps.stream().map(PreTokenizer::toString).toList();
    }

    /// Where there is nothing to normalize, it does not matter whether a token is looked for before or afterwards.
    private static Set<AddedToken> added(Tokenizer tokenizer) {
        boolean plain = tokenizer.addedTokens().normalizer().equals(new Normalizer.Sequence(List.of()));
        return tokenizer.addedTokens().tokens().stream()
                .map(token -> plain ? token.withoutNormalization() : token).collect(Collectors.toSet());
    }

    /// What becomes of a character that is no piece.
    private @Nullable String unknown() {
        BytePairModel from = original.model();
        BytePairModel to = copy.model();
        boolean byteLevel = original.preTokenizers().stream().anyMatch(PreTokenizer.SpellBytes.class::isInstance);
        if (byteLevel && from.symbols().missingByte().isEmpty() && to.symbols().missingByte().isEmpty()) {
            return null;
        }
        if (ByteRun.missing(from.byteTokens()).isEmpty() && Arrays.equals(from.byteTokens(), to.byteTokens())) {
            return null;
        }
        boolean same = Arrays.equals(from.byteTokens(), to.byteTokens()) && from.unknownToken() == to.unknownToken()
                && from.fuseUnknown() == to.fuseUnknown();
        return same ? null : "characters that are no piece become something else";
    }

    private @Nullable String pieces() {
        Vocabulary pieces = copy.vocabulary();
        for (int id = 0; id < pieces.size(); id++) {
            String piece = pieces.pieces()[id];
            if (piece == null || pieces.isSpecial(id)) {
                continue;
            }
            int[] expected = encoded(original.model(), piece);
            int[] found = encoded(copy.model(), piece);
            if (!Arrays.equals(expected, found)) {
                return "the text %s becomes %s instead of %s".formatted(piece, spelt(copy, found), spelt(original,
                        expected));
            }
        }
        return null;
    }

    private static int[] encoded(BytePairModel model, String piece) {
        IdList ids = new IdList();
        model.start(SpecialText.AS_TOKENS, ids).encode(piece);
        return ids.toArray();
    }

    private static List<String> spelt(Tokenizer tokenizer, int[] ids) {
        return Arrays.stream(ids).mapToObj(tokenizer::piece).toList();
    }

    private @Nullable String order() {
        MergeTable from = original.model().merges();
        MergeTable to = copy.model().merges();
        if (from.sorted().equals(to.sorted())) {
            return null;
        }
        Optional<List<Integer>> expected = MergeOrder.pieces(from, this::isMade, this::isRun);
        Optional<List<Integer>> found = MergeOrder.pieces(to, this::isMade, this::isRun);
        if (expected.isEmpty() || found.isEmpty()) {
            return "the merges that make a piece do not stand together";
        }
        return expected.equals(found) ? runs(expected.get()) : "another order of merges";
    }

    private @Nullable String runs(List<Integer> pieces) {
        Set<String> characters = pieces.stream().filter(this::isRun).map(id -> copy.piece(id).substring(0, copy.piece(
                id).offsetByCodePoints(0, 1))).collect(Collectors.toSet());
        for (String character : characters) {
            for (int length = 2; length <= LONGEST_RUN; length++) {
                String text = character.repeat(length);
                if (!Arrays.equals(encoded(original.model(), text), encoded(copy.model(), text))) {
                    return "%d times %s becomes something else".formatted(length, character);
                }
            }
        }
        return null;
    }

    private boolean isRun(int id) {
        return copy.piece(id).codePoints().distinct().count() == 1;
    }

    private boolean isMade(int id) {
        return copy.vocabulary().has(id) && Arrays.equals(encoded(copy.model(), copy.piece(id)), new int[] {id});
    }
}
