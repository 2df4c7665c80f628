package org.ternlm.tokenizer;

import java.util.List;
import java.util.Locale;
import java.util.regex.PatternSyntaxException;

/// Reads the source of a regular expression, one character or token at a time. Not thread-safe.
final class PatternReader {
    /// Pairs of letters that one character folds to (CaseFolding.txt, status F, within ASCII): `(?i:ss)` matches ß.
    private static final List<String> LIGATURES = List.of("ss", "ff", "fi", "fl", "st");

    private final String source;
    private int at;

    PatternReader(String source) {
        this.source = source;
    }

    boolean atEnd() {
        return at == source.length();
    }

    /// The next character without taking it.
    int peek() {
        if (atEnd()) {
            throw problem("unexpected end");
        }
        return source.codePointAt(at);
    }

    int next() {
        int c = peek();
        at += Character.charCount(c);
        return c;
    }

    /// Takes `c` if it is next.
    boolean take(char c) {
        boolean there = source.startsWith(String.valueOf(c), at);
        at += there ? 1 : 0;
        return there;
    }

    void expect(char c) {
        if (!take(c)) {
            throw problem("expected " + c);
        }
    }

    /// Takes the first of `openings` that comes next behind `(?`.
    String takeAny(String... openings) {
        for (String opening : openings) {
            if (source.startsWith(opening, at)) {
                at += opening.length();
                return opening;
            }
        }
        throw problem("not supported: (?" + (atEnd() ? "" : Character.toString(peek())));
    }

    /// Decimal digits, perhaps none.
    String digits() {
        int start = at;
        while (!atEnd() && source.charAt(at) >= '0' && source.charAt(at) <= '9') {
            at++;
        }
        return source.substring(start, at);
    }

    /// Whether `{n}`, `{n,}`, `{,m}` or `{n,m}` is next; any other brace is a literal one.
    boolean startsInterval() {
        int close = source.indexOf('}', at);
        return close > 0 && source.substring(at, close + 1).matches("\\{([0-9]+(,[0-9]*)?|,[0-9]+)}");
    }

    /// Whether the character behind a backslash makes it a class: `\s`, `\p{…}` and their like.
    boolean startsClass() {
        return !atEnd() && "sSdDwWpP".indexOf(source.charAt(at)) >= 0;
    }

    /// Whether the hyphen that is next stands right before the closing bracket of a set.
    boolean hyphenEnds() {
        return source.startsWith("-]", at);
    }

    /// The character that an escape stands for; the backslash is taken already.
    int escapedCharacter() {
        int c = next();
        return switch (c) {
            case 't' -> '\t';
            case 'n' -> '\n';
            case 'v' -> 0x0B;
            case 'f' -> '\f';
            case 'r' -> '\r';
            case 'a' -> 0x07;
            case 'e' -> 0x1B;
            case 'u' -> hexadecimal(4);
            case 'x' -> take('{') ? bracedHexadecimal() : ascii(hexadecimal(2));
            default -> {
                if (Character.isLetterOrDigit(c)) {
                    throw problem("not supported: \\" + Character.toString(c));
                }
                yield c;
            }
        };
    }

    /// Beyond ASCII, `\xHH` is a byte of UTF-8 to Oniguruma, not a character.
    private int ascii(int value) {
        if (value > 0x7F) {
            throw problem("not supported: \\x above 7F");
        }
        return value;
    }

    private int bracedHexadecimal() {
        int close = source.indexOf('}', at);
        if (close < at + 1 || close > at + 6) {
            throw problem("expected 1 to 6 hexadecimal digits and }");
        }
        int value = hexadecimal(close - at);
        expect('}');
        return value;
    }

    private int hexadecimal(int digits) {
        if (at + digits > source.length()) {
            throw problem("unexpected end");
        }
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = Character.digit(source.charAt(at++), 16);
            if (digit < 0) {
                throw problem("expected a hexadecimal digit");
            }
            value = value * 16 + digit;
        }
        if (!Character.isValidCodePoint(value) || value >= 0xD800 && value <= 0xDFFF) {
            throw problem("expected a Unicode character");
        }
        return value;
    }

    /// The name in `\p{…}`, with the caret of a negation.
    String propertyName() {
        expect('{');
        int close = source.indexOf('}', at);
        if (close < 0) {
            throw problem("expected }");
        }
        String name = source.substring(at, close);
        at = close + 1;
        return name;
    }

    /// Refuses what a group that ignores case would have to match as one character. The text to the next bracket is
    /// looked at, so that `'s|'t` passes.
    void refuseLigatures() {
        int close = source.indexOf(')', at);
        String text = source.substring(at, close < 0 ? source.length() : close).toLowerCase(Locale.ROOT);
        for (String ligature : LIGATURES) {
            if (text.contains(ligature)) {
                throw problem("not supported: " + ligature + " in (?i:…)");
            }
        }
    }

    PatternSyntaxException problem(String description) {
        return new PatternSyntaxException(description, source, at);
    }
}
