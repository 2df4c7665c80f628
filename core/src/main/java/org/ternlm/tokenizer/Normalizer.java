package org.ternlm.tokenizer;

import java.text.Normalizer.Form;
import java.util.List;

/// Rewrites a text before it is split. Implementations are immutable.
sealed interface Normalizer {

    /// A text on its way through the normalizers.
    ///
    /// @param fromStart whether its first character comes from the very start of the text that was to be encoded; only
    /// [PreTokenizer.MarkSpaces] asks
    record Text(String value, boolean fromStart) {}

    Text normalize(Text text);

    /// The same in the words of `tokenizer.json`, where there are some; else this.
    default Normalizer plain() {
        return this;
    }

    /// Each of `steps` in turn; none of them changes nothing.
    record Sequence(List<Normalizer> steps) implements Normalizer {
        @Override
        public Text normalize(Text text) {
            Text current = text;
            for (Normalizer step : steps) {
                current = step.normalize(current);
            }
            return current;
        }
    }

    /// Puts `prefix` before a text that is not empty.
    record Prepend(String prefix) implements Normalizer {
        @Override
        public Text normalize(Text text) {
            return text.value.isEmpty() ? text : new Text(prefix + text.value, text.fromStart);
        }
    }

    /// Puts `content` in the place of each match.
    record Replace(Finder pattern, String content) implements Normalizer {
        @Override
        public Text normalize(Text text) {
            boolean removesStart = content.isEmpty() && pattern.matchesStart(text.value);
            return new Text(pattern.replaceAll(text.value, content), text.fromStart && !removesStart);
        }
    }

    /// One of Unicode's normalization forms.
    record Unicode(Form form) implements Normalizer {
        @Override
        public Text normalize(Text text) {
            return new Text(java.text.Normalizer.normalize(text.value, form), text.fromStart);
        }
    }

    /// Each character's lower case on its own, without regard to language or neighbours (a final sigma is a sigma).
    record Lowercase() implements Normalizer {
        private static final int DOTTED_CAPITAL_I = 0x130;

        @Override
        public Text normalize(Text text) {
            StringBuilder lower = new StringBuilder(text.value.length());
            text.value.codePoints().forEach(c -> append(lower, c));
            return new Text(lower.toString(), text.fromStart);
        }

        /// The one character whose lower case is two (SpecialCasing.txt, unconditional mappings).
        private static void append(StringBuilder lower, int codePoint) {
            if (codePoint == DOTTED_CAPITAL_I) {
                lower.append("i\u0307");
            } else {
                lower.appendCodePoint(Character.toLowerCase(codePoint));
            }
        }
    }

    /// Removes white space from the ends.
    record Strip(boolean left, boolean right) implements Normalizer {
        @Override
        public Text normalize(Text text) {
            String value = text.value;
            int from = left ? Blank.end(value, 0) : 0;
            int to = right ? Math.max(from, Blank.start(value, value.length())) : value.length();
            return new Text(value.substring(from, to), text.fromStart && from == 0);
        }
    }

    /// What SentencePiece does to white space: a space becomes `mark`, and one stands before a text that is not empty.
    ///
    /// @param prefix before which parts of the text that one stands
    /// @param collapses whether spaces at the ends go first, and several in a row become one
    record SentencePieceSpaces(String mark, PreTokenizer.Prefix prefix, boolean collapses) implements Normalizer {
        @Override
        public Text normalize(Text text) {
            String value = collapses ? collapse(text.value) : text.value;
            if (value.isEmpty()) {
                return new Text(value, text.fromStart);
            }
            boolean wanted = prefix == PreTokenizer.Prefix.ALWAYS
                    || prefix == PreTokenizer.Prefix.FIRST && text.fromStart;
            String marked = (wanted ? mark : "") + value.replace(" ", mark);
            // A mark that the text itself has at its end counts as a space there, but nowhere else.
            int end = marked.length();
            while (collapses && marked.startsWith(mark, end - mark.length())) {
                end -= mark.length();
            }
            return new Text(marked.substring(0, end), text.fromStart);
        }

        @Override
        public Normalizer plain() {
            Normalizer replace = new Replace(new Finder.Literal(" "), mark);
            return switch (prefix) {
                case ALWAYS -> collapses ? this : new Sequence(List.of(new Prepend(mark), replace));
                case NEVER -> collapses ? this : new Sequence(List.of(replace));
                case FIRST -> this;
            };
        }

        private static String collapse(String value) {
            StringBuilder collapsed = new StringBuilder(value.length());
            for (int i = 0; i < value.length(); i++) {
                boolean again = value.charAt(i) == ' ' && (i == 0 || value.charAt(i - 1) == ' ');
                if (!again) {
                    collapsed.append(value.charAt(i));
                }
            }
            return collapsed.toString();
        }
    }
}
