package org.ternlm.tokenizer;

import java.util.BitSet;
import java.util.List;
import java.util.function.UnaryOperator;

/// Finds the added tokens in a text and hands on what lies between them, normalized. Immutable.
final class AddedTokens {
    private final List<AddedToken> tokens;
    private final Normalizer normalizer;
    private final TokenTrie exact = new TokenTrie();
    private final TokenTrie normalized = new TokenTrie();
    /// The special ones among the normalized, as they are written.
    private final TokenTrie written = new TokenTrie();

    /// @param tokens special tokens first, as the reference orders them: of two with one spelling the first counts
    AddedTokens(List<AddedToken> tokens, Normalizer normalizer) {
        this(tokens, normalizer, content -> normalizer.normalize(new Normalizer.Text(content, true)).value());
    }

    /// @param tokens special tokens first
    /// @param spelling how the normalized text spells a token that is looked for there
    AddedTokens(List<AddedToken> tokens, Normalizer normalizer, UnaryOperator<String> spelling) {
        this.tokens = List.copyOf(tokens);
        this.normalizer = normalizer;
        for (AddedToken token : tokens) {
            if (token.normalized()) {
                String spelt = spelling.apply(token.content());
                if (!spelt.isEmpty()) {
                    normalized.add(spelt, token);
                }
                if (token.special() && !token.content().isEmpty()) {
                    written.add(token.content(), token);
                }
            } else {
                exact.add(token.content(), token);
            }
        }
    }

    /// All of them, special ones first.
    List<AddedToken> tokens() {
        return tokens;
    }

    /// What happens to the text between them.
    Normalizer normalizer() {
        return normalizer;
    }

    /// Receives tokens and the normalized text between them, in order.
    interface Parts {
        void text(String text, boolean fromStart);

        void token(int id);
    }

    /// Cuts `text` at its added tokens: first at those that are looked for as they are, then, what lies between
    /// normalized, at the others.
    void cut(String text, SpecialText specialText, Parts parts) {
        exact.cut(text, specialText, new TokenTrie.Parts() {
            @Override
            public void text(int start, int end) {
                Normalizer.Text part = new Normalizer.Text(text.substring(start, end), start == 0);
                cutNormalized(normalizer.normalize(part), specialText, parts);
            }

            @Override
            public void token(AddedToken token) {
                parts.token(token.id());
            }
        });
    }

    /// The same for a text of which some characters are `foreign`: no special token has any of these.
    ///
    /// A part with foreign characters is cut at the special tokens that are looked for normalized before it is
    /// normalized, since nobody could tell behind it whose characters they were made of.
    void cut(String text, BitSet foreign, Parts parts) {
        exact.cut(text, SpecialText.AS_TOKENS, foreign, new TokenTrie.Parts() {
            @Override
            public void text(int start, int end) {
                int foreignAt = foreign.nextSetBit(start);
                if (foreignAt >= 0 && foreignAt < end) {
                    cutWritten(text, start, end, foreign, parts);
                } else {
                    Normalizer.Text part = new Normalizer.Text(text.substring(start, end), start == 0);
                    cutNormalized(normalizer.normalize(part), SpecialText.AS_TOKENS, parts);
                }
            }

            @Override
            public void token(AddedToken token) {
                parts.token(token.id());
            }
        });
    }

    private void cutWritten(String text, int from, int to, BitSet foreign, Parts parts) {
        String part = text.substring(from, to);
        written.cut(part, SpecialText.AS_TOKENS, foreign.get(from, to), new TokenTrie.Parts() {
            @Override
            public void text(int start, int end) {
                Normalizer.Text inner = new Normalizer.Text(part.substring(start, end), from + start == 0);
                cutNormalized(normalizer.normalize(inner), SpecialText.AS_TEXT, parts);
            }

            @Override
            public void token(AddedToken token) {
                parts.token(token.id());
            }
        });
    }

    private void cutNormalized(Normalizer.Text text, SpecialText specialText, Parts parts) {
        if (normalized.isEmpty()) {
            parts.text(text.value(), text.fromStart());
            return;
        }
        normalized.cut(text.value(), specialText, new TokenTrie.Parts() {
            @Override
            public void text(int start, int end) {
                parts.text(text.value().substring(start, end), text.fromStart() && start == 0);
            }

            @Override
            public void token(AddedToken token) {
                parts.token(token.id());
            }
        });
    }
}
