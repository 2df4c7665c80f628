package org.ternlm.tokenizer;

import java.lang.Character.UnicodeScript;
import java.util.Set;

/// Sets of characters in regular expressions: Oniguruma's spelling in, Java's out.
final class CharacterSet {
    private static final Set<String> CATEGORIES = Set.of("L", "Lu", "Ll", "Lt", "Lm", "Lo", "M", "Mn", "Mc", "Me", "N",
            "Nd", "Nl", "No", "P", "Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po", "S", "Sm", "Sc", "Sk", "So", "Z", "Zs",
            "Zl", "Zp", "C", "Cc", "Cf", "Co");
    private static final String WORD = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}";
    /// Outside of a set Oniguruma asks a table of its own about Latin-1, which has superscript digits and fractions.
    private static final String LONE_WORD = WORD + "\u00B2\u00B3\u00B9\u00BC-\u00BE";

    private CharacterSet() {}

    /// One character, whatever it means to a pattern.
    static String literal(int c) {
        boolean plain = c < 0x80 && Character.isLetterOrDigit(c) || c > 0xA0 && Character.isLetter(c);
        return plain ? Character.toString(c) : "\\x{%X}".formatted(c);
    }

    /// One ASCII character in any case: its simple case folds, which for `s` and `k` reach beyond ASCII.
    static String anyCase(int c, PatternReader in) {
        if (c > 0x7F) {
            throw in.problem("not supported: " + Character.toString(c) + " in (?i:…)");
        }
        if (!Character.isLetter(c)) {
            return literal(c);
        }
        int lower = Character.toLowerCase(c);
        String beyond = lower == 's' ? "\\x{17F}" : lower == 'k' ? "\\x{212A}" : "";
        return "[" + (char) lower + (char) Character.toUpperCase(c) + beyond + "]";
    }

    /// A class such as `\s` or `\p{L}`; the backslash is taken already.
    static String named(PatternReader in) {
        int c = in.next();
        return switch (c) {
            case 's' -> "\\p{IsWhite_Space}";
            case 'S' -> "\\P{IsWhite_Space}";
            case 'd' -> "\\p{Nd}";
            case 'D' -> "\\P{Nd}";
            case 'w' -> "[" + LONE_WORD + "]";
            case 'W' -> "[^" + LONE_WORD + "]";
            default -> property(in, c == 'P');
        };
    }

    private static String property(PatternReader in, boolean negated) {
        String name = in.propertyName();
        boolean caret = name.startsWith("^");
        String plain = caret ? name.substring(1) : name;
        String letter = negated == caret ? "\\p{" : "\\P{";
        if (CATEGORIES.contains(plain)) {
            return letter + plain + "}";
        }
        try {
            return letter + "Is" + UnicodeScript.forName(plain).name() + "}";
        } catch (IllegalArgumentException _) {
            throw in.problem("not supported: property " + plain);
        }
    }

    /// A set in brackets; the opening one is taken already.
    static String read(PatternReader in) {
        StringBuilder set = new StringBuilder("[");
        if (in.take('^')) {
            set.append('^');
        }
        if (in.peek() == ']') {
            throw in.problem("not supported: an empty set");
        }
        while (!in.take(']')) {
            member(in, set);
        }
        return set.append(']').toString();
    }

    private static void member(PatternReader in, StringBuilder set) {
        int first = in.next();
        if (first == '[') {
            throw in.problem("not supported: a set within a set");
        }
        if (first == '&' && in.peek() == '&') {
            throw in.problem("not supported: &&");
        }
        if (first == '\\') {
            if (in.startsClass()) {
                set.append(classMember(in));
                return;
            }
            first = in.escapedCharacter();
        }
        set.append(literal(first));
        // A hyphen before the closing bracket is itself, and so is taken in the next round.
        if (in.peek() == '-' && !in.hyphenEnds()) {
            in.next();
            set.append('-').append(literal(rangeEnd(in, first)));
        }
    }

    /// Java reads a negated set within a set in ways of its own.
    private static String classMember(PatternReader in) {
        String named = named(in);
        if (in.peek() == '-' && !in.hyphenEnds()) {
            throw in.problem("not supported: a range from a class");
        }
        if (named.startsWith("[^")) {
            throw in.problem("not supported: \\W in a set");
        }
        return named.startsWith("[") ? WORD : named;
    }

    private static int rangeEnd(PatternReader in, int first) {
        int last = in.next();
        if (last == '[' || last == '\\' && in.startsClass()) {
            throw in.problem("not supported: a range to a class");
        }
        if (last == '\\') {
            last = in.escapedCharacter();
        }
        if (last < first) {
            throw in.problem("expected a range in ascending order");
        }
        return last;
    }
}
