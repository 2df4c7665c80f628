package org.ternlm.tokenizer;

/// Sets of characters by their Unicode properties, as the reference library divides them.
enum CharacterKind {
    /// The property White_Space: what Rust's `char::is_whitespace` and Oniguruma's `\s` mean.
    WHITE_SPACE {
        @Override
        boolean holds(int codePoint) {
            return codePoint >= 0x09 && codePoint <= 0x0D || codePoint == 0x85 || Character.isSpaceChar(codePoint);
        }
    },
    /// The general categories Nd, Nl and No.
    NUMBER {
        @Override
        boolean holds(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.DECIMAL_DIGIT_NUMBER, Character.LETTER_NUMBER, Character.OTHER_NUMBER -> true;
                default -> false;
            };
        }
    },
    /// The general categories P*, and all ASCII punctuation, symbols such as `$` and `+` included.
    PUNCTUATION {
        @Override
        boolean holds(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.CONNECTOR_PUNCTUATION, Character.DASH_PUNCTUATION, Character.START_PUNCTUATION,
                        Character.END_PUNCTUATION, Character.INITIAL_QUOTE_PUNCTUATION,
                        Character.FINAL_QUOTE_PUNCTUATION, Character.OTHER_PUNCTUATION ->
                    true;
                default -> codePoint > ' ' && codePoint < 0x7F && !Character.isLetterOrDigit(codePoint);
            };
        }
    },
    /// Word characters as Unicode's regular expressions have them (UTS #18, Annex C).
    WORD {
        @Override
        boolean holds(int codePoint) {
            return switch (Character.getType(codePoint)) {
                case Character.NON_SPACING_MARK, Character.COMBINING_SPACING_MARK, Character.ENCLOSING_MARK,
                        Character.DECIMAL_DIGIT_NUMBER, Character.CONNECTOR_PUNCTUATION ->
                    true;
                default -> Character.isAlphabetic(codePoint) || codePoint == 0x200C || codePoint == 0x200D;
            };
        }
    };

    /// Whether `codePoint` is of this kind.
    abstract boolean holds(int codePoint);
}
