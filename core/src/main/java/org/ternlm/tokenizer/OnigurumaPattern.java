package org.ternlm.tokenizer;

import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Turns a regular expression of a `tokenizer.json`, written for Oniguruma (syntax Ruby, encoding UTF-8), into one for
/// `java.util.regex` that matches the same.
///
/// What the two read differently is spelt out: `\s` is the property White_Space, `\d` the category Nd, `\w` the
/// categories of words; `.` stops at a line feed only; `^` and `$` know lines; `(?i:…)` becomes sets of letters, with ſ
/// and the Kelvin sign. What has no exact counterpart here (named groups, back references, inline flags, classes within
/// classes, `\b`, …) is refused. So is a repeated group with alternatives or repetitions inside: Java would need stack
/// for each round, and a hostile file could make it try exponentially many ways.
final class OnigurumaPattern {
    private static final int DEEPEST_NESTING = 50;
    private static final int LARGEST_COUNT = 1_000;
    private static final String LINE_START = "(?:\\A|(?<=\\n)(?!\\z))";
    private static final String LINE_END = "(?:(?=\\n)|(?<!\\n)\\z)";

    private final PatternReader in;
    private final StringBuilder java = new StringBuilder();
    private int depth;

    private OnigurumaPattern(String expression) {
        in = new PatternReader(expression);
    }

    /// What a part of an expression contains, as far as repeating it is concerned.
    ///
    /// @param branches whether it has alternatives or repetitions
    /// @param repeatable whether a quantifier may follow: not after an anchor or a quantifier
    private record Part(boolean branches, boolean repeatable) {}

    /// @throws PatternSyntaxException if `expression` is wrong, or needs what is not supported; the description says
    /// what
    static Pattern compile(String expression) {
        OnigurumaPattern translation = new OnigurumaPattern(expression);
        translation.alternatives(false);
        if (!translation.in.atEnd()) {
            throw translation.in.problem("unmatched )");
        }
        return Pattern.compile(translation.java.toString());
    }

    /// @return whether there was a `|` or a repetition
    private boolean alternatives(boolean ignoreCase) {
        boolean branches = false;
        while (!in.atEnd() && in.peek() != ')') {
            if (in.take('|')) {
                java.append('|');
                branches = true;
            } else {
                branches |= repeated(ignoreCase);
            }
        }
        return branches;
    }

    private boolean repeated(boolean ignoreCase) {
        Part part = atom(ignoreCase);
        if (in.atEnd()) {
            return part.branches;
        }
        String quantifier = quantifier();
        if (quantifier.isEmpty()) {
            return part.branches;
        }
        if (!part.repeatable) {
            throw in.problem("nothing that can be repeated before " + quantifier);
        }
        if (part.branches && !quantifier.equals("?")) {
            throw in.problem("not supported: repeating a group that has alternatives or repetitions");
        }
        if (ignoreCase) {
            throw in.problem("not supported: a repetition in (?i:…)");
        }
        java.append(quantifier);
        return true;
    }

    /// A quantifier in Java's spelling, or an empty string. In Ruby's syntax a `+` behind `{n,m}` is a second
    /// quantifier and `{n}?` an optional repetition; both are refused, and so is any second quantifier.
    private String quantifier() {
        String base;
        if (in.take('*')) {
            base = "*";
        } else if (in.take('+')) {
            base = "+";
        } else if (in.take('?')) {
            base = "?";
        } else {
            return interval();
        }
        if (in.take('?')) {
            return base + "?";
        }
        return in.take('+') ? base + "+" : base;
    }

    private String interval() {
        if (!in.startsInterval()) {
            return "";
        }
        in.take('{');
        String least = in.digits();
        boolean range = in.take(',');
        String most = in.digits();
        in.expect('}');
        if (tooLarge(least) || tooLarge(most)) {
            throw in.problem("not supported: repetition of more than " + LARGEST_COUNT);
        }
        String interval = "{" + (least.isEmpty() ? "0" : least) + (range ? "," : "") + most + "}";
        if (in.take('?')) {
            if (!range) {
                throw in.problem("not supported: {n}?");
            }
            return interval + "?";
        }
        return interval;
    }

    private static boolean tooLarge(String digits) {
        return digits.length() > 4 || !digits.isEmpty() && Integer.parseInt(digits) > LARGEST_COUNT;
    }

    private Part atom(boolean ignoreCase) {
        int c = in.next();
        return switch (c) {
            case '(' -> group(ignoreCase);
            case '[' -> set(ignoreCase);
            case '\\' -> escape(ignoreCase);
            case '.' -> emit("[^\\n]", true);
            case '^' -> emit(LINE_START, false);
            case '$' -> emit(LINE_END, false);
            case '*', '+', '?' -> throw in.problem("nothing to repeat, or a second quantifier");
            default -> literal(c, ignoreCase);
        };
    }

    private Part emit(String expression, boolean repeatable) {
        java.append(expression);
        return new Part(false, repeatable);
    }

    private Part literal(int c, boolean ignoreCase) {
        java.append(ignoreCase ? CharacterSet.anyCase(c, in) : CharacterSet.literal(c));
        return new Part(false, true);
    }

    private Part group(boolean ignoreCase) {
        if (ignoreCase) {
            throw in.problem("not supported: a group in (?i:…)");
        }
        if (++depth > DEEPEST_NESTING) {
            throw in.problem("groups nested more than " + DEEPEST_NESTING + " deep");
        }
        String opening = "(?:";
        boolean anyCase = false;
        if (in.take('?')) {
            opening = in.takeAny("i:", ":", "=", "!", ">", "<=", "<!");
            anyCase = opening.equals("i:");
            opening = opening.equals("i:") ? "(?:" : "(?" + opening;
        }
        java.append(opening);
        if (anyCase) {
            in.refuseLigatures();
        }
        boolean branches = alternatives(anyCase);
        in.expect(')');
        java.append(')');
        depth--;
        boolean consumes = opening.equals("(?:") || opening.equals("(?>");
        return new Part(branches, consumes);
    }

    private Part set(boolean ignoreCase) {
        if (ignoreCase) {
            throw in.problem("not supported: a set in (?i:…)");
        }
        java.append(CharacterSet.read(in));
        return new Part(false, true);
    }

    private Part escape(boolean ignoreCase) {
        if (in.take('A')) {
            return emit("\\A", false);
        }
        if (in.take('z')) {
            return emit("\\z", false);
        }
        if (in.startsClass()) {
            if (ignoreCase) {
                throw in.problem("not supported: a class in (?i:…)");
            }
            return emit(CharacterSet.named(in), true);
        }
        return literal(in.escapedCharacter(), ignoreCase);
    }
}
