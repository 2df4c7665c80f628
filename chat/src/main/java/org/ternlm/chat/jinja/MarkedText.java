package org.ternlm.chat.jinja;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// A text that knows which of its characters are foreign: not the template's own, but from a user, a document or a
/// model. What is made of texts that hold foreign characters keeps their marks, or is foreign as a whole.
///
/// Two texts are equal if their characters are. Immutable.
public final class MarkedText implements Value {
    private static final int[] NONE = new int[0];
    static final MarkedText EMPTY = own("");

    private final String text;
    /// Start and end of each run of foreign characters, ascending.
    private final int[] runs;

    private MarkedText(String text, int[] runs) {
        this.text = text;
        this.runs = runs;
    }

    /// A text of the template or the program.
    public static MarkedText own(String text) {
        return new MarkedText(text, NONE);
    }

    /// A text from outside.
    public static MarkedText foreign(String text) {
        return new MarkedText(text, text.isEmpty() ? NONE : new int[] {0, text.length()});
    }

    /// Its characters.
    public String text() {
        return text;
    }

    /// Which of its characters are foreign.
    public BitSet marks() {
        BitSet marks = new BitSet(text.length());
        for (int i = 0; i < runs.length; i += 2) {
            marks.set(runs[i], runs[i + 1]);
        }
        return marks;
    }

    boolean hasForeign() {
        return runs.length > 0;
    }

    int length() {
        return text.length();
    }

    boolean isEmpty() {
        return text.isEmpty();
    }

    /// `other`, made of this: foreign as a whole if anything here is.
    MarkedText turnedInto(String other) {
        return hasForeign() ? foreign(other) : own(other);
    }

    /// `other`, made of this character by character if it is as long.
    private MarkedText mapped(String other) {
        return other.length() == text.length() ? new MarkedText(other, runs) : turnedInto(other);
    }

    MarkedText upper() {
        return mapped(text.toUpperCase(Locale.ROOT));
    }

    MarkedText lower() {
        return mapped(text.toLowerCase(Locale.ROOT));
    }

    /// The first letter large, the others small.
    MarkedText capitalized() {
        if (isEmpty()) {
            return this;
        }
        int first = text.offsetByCodePoints(0, 1);
        return mapped(text.substring(0, first).toUpperCase(Locale.ROOT)
                + text.substring(first).toLowerCase(Locale.ROOT));
    }

    /// The first letter of each word large, the others small.
    MarkedText titled() {
        StringBuilder titled = new StringBuilder();
        boolean inWord = false;
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            titled.append(inWord ? Character.toLowerCase(c) : Character.toTitleCase(c));
            inWord = Character.isLetter(c);
        }
        return mapped(titled.toString());
    }

    MarkedText slice(int from, int to) {
        if (from >= to) {
            return EMPTY;
        }
        int[] cut = new int[runs.length];
        int count = 0;
        for (int i = 0; i < runs.length; i += 2) {
            int start = Math.max(runs[i], from);
            int end = Math.min(runs[i + 1], to);
            if (start < end) {
                cut[count++] = start - from;
                cut[count++] = end - from;
            }
        }
        return new MarkedText(text.substring(from, to), Arrays.copyOf(cut, count));
    }

    MarkedText plus(MarkedText other) {
        return new Builder().append(this).append(other).build();
    }

    static MarkedText join(List<MarkedText> parts, MarkedText separator) {
        Builder joined = new Builder();
        for (int i = 0; i < parts.size(); i++) {
            if (i > 0) {
                joined.append(separator);
            }
            joined.append(parts.get(i));
        }
        return joined.build();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MarkedText marked && marked.text.equals(text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }

    /// Puts texts together. Not thread-safe.
    static final class Builder {
        private final StringBuilder text = new StringBuilder();
        private int[] runs = new int[8];
        private int count;

        Builder append(String own) {
            text.append(own);
            return this;
        }

        Builder append(MarkedText part) {
            for (int i = 0; i < part.runs.length; i += 2) {
                mark(text.length() + part.runs[i], text.length() + part.runs[i + 1]);
            }
            text.append(part.text);
            return this;
        }

        /// Appends `own` as foreign where `foreign` says so.
        Builder append(String own, boolean foreign) {
            if (foreign && !own.isEmpty()) {
                mark(text.length(), text.length() + own.length());
            }
            text.append(own);
            return this;
        }

        private void mark(int start, int end) {
            if (count > 0 && runs[count - 1] == start) {
                runs[count - 1] = end;
                return;
            }
            if (count == runs.length) {
                runs = Arrays.copyOf(runs, count * 2);
            }
            runs[count++] = start;
            runs[count++] = end;
        }

        int length() {
            return text.length();
        }

        MarkedText build() {
            return new MarkedText(text.toString(), count == 0 ? NONE : Arrays.copyOf(runs, count));
        }
    }
}
