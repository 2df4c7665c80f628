package org.ternlm.tokenizer;

/// UTF-8 to text, byte by byte. What is no UTF-8 becomes U+FFFD, one for each maximal part of a well-formed sequence
/// (The Unicode Standard, chapter 3, "U+FFFD Substitution of Maximal Subparts", and table 3-7), as Rust's
/// `String::from_utf8_lossy` does. Not thread-safe.
final class Utf8Stream {
    static final char REPLACEMENT = '\uFFFD';

    private int codePoint;
    private int missing;
    private int lowest;
    private int highest;
    private boolean malformed;

    /// Takes the next byte and appends what is certain now: nothing, a character, or U+FFFD.
    void accept(byte next, StringBuilder text) {
        int value = Byte.toUnsignedInt(next);
        if (missing == 0) {
            lead(value, text);
        } else if (value < lowest || value > highest) {
            replace(text);
            lead(value, text);
        } else {
            codePoint = codePoint << 6 | value & 0x3F;
            lowest = 0x80;
            highest = 0xBF;
            if (--missing == 0) {
                text.appendCodePoint(codePoint);
            }
        }
    }

    /// Ends the input: an unfinished character becomes U+FFFD.
    void finish(StringBuilder text) {
        if (missing > 0) {
            replace(text);
        }
    }

    /// Whether a U+FFFD had to stand in for bytes so far.
    boolean isMalformed() {
        return malformed;
    }

    private void lead(int value, StringBuilder text) {
        lowest = 0x80;
        highest = 0xBF;
        if (value < 0x80) {
            text.append((char) value);
        } else if (value < 0xC2 || value > 0xF4) {
            replace(text);
        } else if (value < 0xE0) {
            codePoint = value & 0x1F;
            missing = 1;
        } else if (value < 0xF0) {
            codePoint = value & 0x0F;
            missing = 2;
            lowest = value == 0xE0 ? 0xA0 : lowest;
            highest = value == 0xED ? 0x9F : highest;
        } else {
            codePoint = value & 0x07;
            missing = 3;
            lowest = value == 0xF0 ? 0x90 : lowest;
            highest = value == 0xF4 ? 0x8F : highest;
        }
    }

    private void replace(StringBuilder text) {
        text.append(REPLACEMENT);
        missing = 0;
        malformed = true;
    }
}
