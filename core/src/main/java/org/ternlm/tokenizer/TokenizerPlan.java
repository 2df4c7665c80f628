package org.ternlm.tokenizer;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/// What a tokenizer that is to be trained shall be like: byte-level byte pair encoding, as GPT-2 and Llama 3 have it.
///
/// @param vocabularySize ids in all: 256 bytes, what is learnt, special tokens
/// @param pattern the regular expression, in the syntax of `tokenizer.json`, that cuts a text into the pieces within
/// which merges happen
/// @param bosToken the special token that starts a text; the tokenizer puts it there
/// @param eosToken the special token that ends a text; whoever needs it adds it
/// @param otherSpecialTokens more special tokens, which get the ids behind those two
/// @param leastCount how often a pair must occur to be merged
public record TokenizerPlan(int vocabularySize, String pattern, String bosToken, String eosToken,
        List<String> otherSpecialTokens, long leastCount) {
    /// Llama 3's expression: English contractions, words with what stands before them, up to three digits, punctuation,
    /// line ends, white space.
    public static final String LLAMA3_PATTERN = "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}|"
            + " ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+";
    static final int BYTES = 256;

    /// @throws VocabularySizeException if the bytes and the special tokens alone are more than `vocabularySize`
    /// @throws PatternSyntaxException if `pattern` is wrong, or uses what is not supported
    /// @throws IllegalArgumentException if a special token is empty or there twice
    public TokenizerPlan {
        otherSpecialTokens = List.copyOf(otherSpecialTokens);
        List<String> special = specialTokens(bosToken, eosToken, otherSpecialTokens);
        Set<String> distinct = new HashSet<>(special);
        if (distinct.size() < special.size() || distinct.contains("")) {
            throw new IllegalArgumentException("special tokens must be different and not empty, found " + special);
        }
        int least = BYTES + special.size();
        if (vocabularySize < least) {
            throw new VocabularySizeException(
                    "a vocabulary must hold 256 bytes and %d special tokens: expected at least"
                            .formatted(special.size()) + " %,d, found %,d".formatted(least, vocabularySize),
                    vocabularySize, least);
        }
        if (leastCount < 1) {
            throw new IllegalArgumentException("least count: expected at least 1, found " + leastCount);
        }
        OnigurumaPattern.compile(pattern);
    }

    /// A plan for `vocabularySize` ids with the defaults: [#LLAMA3_PATTERN], `<|begin_of_text|>`, `<|end_of_text|>`, and
    /// merges of what occurs at least twice.
    ///
    /// @throws VocabularySizeException if `vocabularySize` is below 258
    public static TokenizerPlan ofSize(int vocabularySize) {
        return new TokenizerPlan(vocabularySize, LLAMA3_PATTERN, "<|begin_of_text|>", "<|end_of_text|>", List.of(), 2);
    }

    /// All special tokens in the order of their ids, which are the last ones.
    public List<String> specialTokens() {
        return specialTokens(bosToken, eosToken, otherSpecialTokens);
    }

    private static List<String> specialTokens(String bos, String eos, List<String> others) {
        List<String> all = new ArrayList<>(List.of(bos, eos));
        all.addAll(others);
        return List.copyOf(all);
    }
}
