package org.ternlm.tokenizer;

import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds the matches of a pattern in a text, from left to right, not overlapping. Implementations are immutable.
sealed interface Finder {

    /// The matches as `start, end, start, end, …` in UTF-16 units.
    int[] find(String text);

    /// `text` with `content`, literally, in the place of each match.
    default String replaceAll(String text, String content) {
        int[] matches = find(text);
        if (matches.length == 0) {
            return text;
        }
        StringBuilder replaced = new StringBuilder(text.length() + content.length());
        int from = 0;
        for (int i = 0; i < matches.length; i += 2) {
            replaced.append(text, from, matches[i]).append(content);
            from = matches[i + 1];
        }
        return replaced.append(text, from, text.length()).toString();
    }

    /// Whether the first character of `text` is part of a match.
    default boolean matchesStart(String text) {
        int[] matches = find(text);
        return matches.length > 0 && matches[0] == 0 && matches[1] > 0;
    }

    /// A literal text, not empty.
    record Literal(String sought) implements Finder {
        @Override
        public int[] find(String text) {
            IdList matches = new IdList();
            int at = text.indexOf(sought);
            while (at >= 0) {
                matches.add(at);
                matches.add(at + sought.length());
                at = text.indexOf(sought, at + sought.length());
            }
            return matches.toArray();
        }
    }

    /// Each single character of a kind.
    record Characters(CharacterKind kind) implements Finder {
        @Override
        public int[] find(String text) {
            IdList matches = new IdList();
            int at = 0;
            while (at < text.length()) {
                int codePoint = text.codePointAt(at);
                int end = at + Character.charCount(codePoint);
                if (kind.holds(codePoint)) {
                    matches.add(at);
                    matches.add(end);
                }
                at = end;
            }
            return matches.toArray();
        }
    }

    /// Runs of word characters, and runs of what is neither word nor white space.
    record Words() implements Finder {
        @Override
        public int[] find(String text) {
            IdList matches = new IdList();
            int at = 0;
            while (at < text.length()) {
                int end = at;
                int kind = kind(text.codePointAt(at));
                while (end < text.length() && kind(text.codePointAt(end)) == kind) {
                    end += Character.charCount(text.codePointAt(end));
                }
                if (kind != 0) {
                    matches.add(at);
                    matches.add(end);
                }
                at = end;
            }
            return matches.toArray();
        }

        private static int kind(int codePoint) {
            if (CharacterKind.WORD.holds(codePoint)) {
                return 1;
            }
            return CharacterKind.WHITE_SPACE.holds(codePoint) ? 0 : 2;
        }
    }

    /// A regular expression. An empty match directly behind a match does not count, as Oniguruma has it.
    record Expression(Pattern pattern) implements Finder {
        @Override
        public int[] find(String text) {
            IdList matches = new IdList();
            Matcher matcher = pattern.matcher(text);
            int lastEnd = -1;
            while (matcher.find()) {
                int start = matcher.start();
                int end = matcher.end();
                boolean emptyAgain = start == end && (start == lastEnd || splitsPair(text, start));
                if (!emptyAgain) {
                    matches.add(start);
                    matches.add(end);
                    lastEnd = end;
                }
            }
            return matches.toArray();
        }

        /// After an empty match Java goes on one UTF-16 unit further, even into the middle of a character.
        private static boolean splitsPair(String text, int index) {
            return index > 0 && index < text.length() && Character.isSurrogatePair(text.charAt(index - 1),
                    text.charAt(index));
        }
    }

    /// The stretches between and under the matches of [#find]: each `start, end, 1 if it is a match`, none missing.
    static int[] cover(int[] matches, int length) {
        int[] stretches = new int[(matches.length + 1) * 3];
        int size = 0;
        int from = 0;
        for (int i = 0; i < matches.length; i += 2) {
            if (from < matches[i]) {
                size = add(stretches, size, from, matches[i], 0);
            }
            size = add(stretches, size, matches[i], matches[i + 1], 1);
            from = matches[i + 1];
        }
        if (from < length) {
            size = add(stretches, size, from, length, 0);
        }
        return Arrays.copyOf(stretches, size);
    }

    private static int add(int[] stretches, int size, int start, int end, int match) {
        stretches[size] = start;
        stretches[size + 1] = end;
        stretches[size + 2] = match;
        return size + 3;
    }
}
