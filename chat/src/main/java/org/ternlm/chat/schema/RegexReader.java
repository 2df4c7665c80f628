package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;

/// Reads the regular expressions that `pattern` may hold: those whose texts are known exactly. Where the dialects of
/// ECMAScript and Java differ, such as in what `.` and `\s` are, it takes what both accept, and says so by
/// [#isNarrowed].
final class RegexReader {
    private static final CodePoints DIGIT = CodePoints.of('0', '9');
    private static final CodePoints WORD = CodePoints.of('a', 'z').or(CodePoints.of('A', 'Z')).or(DIGIT)
            .or(CodePoints.of('_', '_'));
    private static final CodePoints BLANK = CodePoints.of('\t', '\r').or(CodePoints.of(' ', ' '));
    private static final CodePoints EVERY_BLANK = BLANK.or(CodePoints.of(0x85, 0x85)).or(CodePoints.of(0xA0, 0xA0))
            .or(CodePoints.of(0x1680, 0x1680)).or(CodePoints.of(0x180E, 0x180E)).or(CodePoints.of(0x2000, 0x200A))
            .or(CodePoints.of(0x2028, 0x2029)).or(CodePoints.of(0x202F, 0x202F)).or(CodePoints.of(0x205F, 0x205F))
            .or(CodePoints.of(0x3000, 0x3000)).or(CodePoints.of(0xFEFF, 0xFEFF));
    private static final CodePoints LINE_ENDS = CodePoints.of('\n', '\n').or(CodePoints.of('\r', '\r'))
            .or(CodePoints.of(0x85, 0x85)).or(CodePoints.of(0x2028, 0x2029));
    private static final int MOST_REPETITIONS = 1000;
    private static final int DEEPEST = 50;

    private final int[] pattern;
    private int at;
    private int depth;
    private boolean narrowed;

    RegexReader(String pattern) {
        this.pattern = pattern.codePoints().toArray();
    }

    /// A pattern that Tern itself holds, as an automaton over characters.
    static Dfa automaton(String pattern) {
        return new RegexReader(pattern).read().automaton();
    }

    /// The texts in which the pattern is found.
    ///
    /// @throws UnsupportedOperationException if the pattern holds what cannot be kept to; its message says what
    Regex read() {
        List<Regex> ways = new ArrayList<>();
        do {
            ways.add(readAnchored());
        } while (takes('|'));
        if (at < pattern.length) {
            throw unsupported("an unmatched ')'");
        }
        return new Regex.Either(ways);
    }

    /// Whether fewer texts are accepted than some dialect would.
    boolean isNarrowed() {
        return narrowed;
    }

    private Regex readAnchored() {
        List<Regex> parts = new ArrayList<>();
        if (!takes('^')) {
            parts.add(Regex.ANYTHING);
        }
        parts.add(readSequence());
        if (!takes('$')) {
            parts.add(Regex.ANYTHING);
        } else if (at < pattern.length && !sees('|')) {
            throw unsupported("'$' in the middle");
        }
        return new Regex.Sequence(parts);
    }

    private Regex readSequence() {
        List<Regex> parts = new ArrayList<>();
        while (at < pattern.length && !sees('|') && !sees(')') && !sees('$')) {
            parts.add(readRepeated());
        }
        return new Regex.Sequence(parts);
    }

    private Regex readRepeated() {
        Regex part = readOne();
        if (at == pattern.length) {
            return part;
        }
        Regex repeated = switch (pattern[at]) {
            case '*' -> simple(part, 0, Regex.UNBOUNDED);
            case '+' -> simple(part, 1, Regex.UNBOUNDED);
            case '?' -> simple(part, 0, 1);
            case '{' -> readCounted(part);
            default -> part;
        };
        if (repeated != part) {
            takes('?');
            if (sees('*') || sees('+') || sees('?') || sees('{')) {
                throw unsupported("a repetition of a repetition");
            }
        }
        return repeated;
    }

    private Regex simple(Regex part, int min, int max) {
        at++;
        return new Regex.Repeat(part, min, max);
    }

    private Regex readCounted(Regex part) {
        at++;
        int min = readNumber();
        int max = min;
        if (takes(',')) {
            max = sees('}') ? Regex.UNBOUNDED : readNumber();
        }
        if (!takes('}')) {
            throw unsupported("'{' that starts no number of repetitions");
        }
        if (max != Regex.UNBOUNDED && max < min) {
            throw unsupported("repetitions out of order");
        }
        return new Regex.Repeat(part, min, max);
    }

    private int readNumber() {
        int start = at;
        int number = 0;
        while (at < pattern.length && pattern[at] >= '0' && pattern[at] <= '9') {
            number = number * 10 + pattern[at++] - '0';
            if (number > MOST_REPETITIONS) {
                throw unsupported("more than " + MOST_REPETITIONS + " repetitions");
            }
        }
        if (at == start) {
            throw unsupported("'{' that starts no number of repetitions");
        }
        return number;
    }

    private Regex readOne() {
        int next = pattern[at++];
        return switch (next) {
            case '(' -> readGroup();
            case '[' -> new Regex.One(readClass());
            case '.' -> {
                narrowed = true;
                yield new Regex.One(LINE_ENDS.not());
            }
            case '\\' -> new Regex.One(readEscape());
            case '^' -> throw unsupported("'^' in the middle");
            case '*', '+', '?', '{' -> throw unsupported("a repetition of nothing");
            default -> new Regex.One(CodePoints.of(next, next));
        };
    }

    private Regex readGroup() {
        if (++depth > DEEPEST) {
            throw unsupported("groups more than " + DEEPEST + " deep");
        }
        if (takes('?') && !takes(':')) {
            throw unsupported("a group that looks around or has a name");
        }
        List<Regex> ways = new ArrayList<>();
        do {
            ways.add(readSequence());
        } while (takes('|'));
        if (sees('$')) {
            throw unsupported("'$' in the middle");
        }
        if (!takes(')')) {
            throw unsupported("a group without its end");
        }
        depth--;
        return new Regex.Either(ways);
    }

    private CodePoints readClass() {
        boolean negated = takes('^');
        if (sees(']')) {
            throw unsupported("an empty class of characters");
        }
        boolean broad = negated;
        CodePoints set = new CodePoints(List.of());
        while (!takes(']')) {
            if (at == pattern.length) {
                throw unsupported("a class of characters without its end");
            }
            set = set.or(readClassPart(broad));
        }
        return negated ? set.not() : set;
    }

    private CodePoints readClassPart(boolean broad) {
        CodePoints low = readClassOne(broad);
        if (!sees('-') || at + 1 < pattern.length && pattern[at + 1] == ']') {
            return low;
        }
        at++;
        if (at == pattern.length) {
            throw unsupported("a class of characters without its end");
        }
        CodePoints high = readClassOne(broad);
        if (!isSingle(low) || !isSingle(high) || low.intervals().getFirst().low() > high.intervals().getFirst().low()) {
            throw unsupported("a range of characters without two ends in order");
        }
        return CodePoints.of(low.intervals().getFirst().low(), high.intervals().getFirst().low());
    }

    private static boolean isSingle(CodePoints set) {
        return set.intervals().size() == 1
                && set.intervals().getFirst().low() == set.intervals().getFirst().high();
    }

    private CodePoints readClassOne(boolean broad) {
        int next = pattern[at++];
        if (next == '\\') {
            if (sees('S')) {
                throw unsupported("\\S in a class of characters");
            }
            return broad && sees('s') ? readBroadBlank() : readEscape();
        }
        if (next == '[' || next == '&' && sees('&')) {
            throw unsupported("a class within a class of characters");
        }
        return CodePoints.of(next, next);
    }

    private CodePoints readBroadBlank() {
        at++;
        narrowed = true;
        return EVERY_BLANK;
    }

    private CodePoints readEscape() {
        if (at == pattern.length) {
            throw unsupported("'\\' at the end");
        }
        int next = pattern[at++];
        return switch (next) {
            case 'd' -> DIGIT;
            case 'D' -> DIGIT.not();
            case 'w' -> WORD;
            case 'W' -> WORD.not();
            case 's' -> {
                narrowed = true;
                yield BLANK;
            }
            case 'S' -> {
                narrowed = true;
                yield EVERY_BLANK.not();
            }
            case 't' -> CodePoints.of('\t', '\t');
            case 'n' -> CodePoints.of('\n', '\n');
            case 'r' -> CodePoints.of('\r', '\r');
            case 'f' -> CodePoints.of('\f', '\f');
            case 'x' -> readHexadecimal(2);
            case 'u' -> readHexadecimal(4);
            default -> {
                if (next < 0x80 && !Character.isLetterOrDigit(next)) {
                    yield CodePoints.of(next, next);
                }
                throw unsupported("\\" + Character.toString(next));
            }
        };
    }

    private CodePoints readHexadecimal(int digits) {
        int value = 0;
        for (int i = 0; i < digits; i++) {
            int digit = at < pattern.length ? Character.digit(pattern[at++], 16) : -1;
            if (digit < 0) {
                throw unsupported("an escape without its " + digits + " hexadecimal digits");
            }
            value = value * 16 + digit;
        }
        if (Character.isSurrogate((char) value)) {
            throw unsupported("half of a character");
        }
        return CodePoints.of(value, value);
    }

    private boolean sees(char expected) {
        return at < pattern.length && pattern[at] == expected;
    }

    private boolean takes(char expected) {
        if (!sees(expected)) {
            return false;
        }
        at++;
        return true;
    }

    private UnsupportedOperationException unsupported(String what) {
        return new UnsupportedOperationException(what + " at character " + at + " cannot be kept to");
    }
}
