package org.ternlm.chat.schema;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Turns automata over characters into automata over the bytes of their UTF-8, as plain text or as JSON strings. In a
/// string each character has one spelling: itself, or its short escape, or the one with the code where JSON asks for one.
final class Utf8Lowering {
    private static final int[] LONGEST = {0x7F, 0x7FF, 0xFFFF, 0x10FFFF};
    private static final String SHORT_ESCAPES = "\bb\ff\nn\rr\tt";

    private final Map<Tail, Integer> tails = new HashMap<>();
    private final Nfa bytes = new Nfa(Nfa.MOST_BYTE_STATES);

    private Utf8Lowering() {}

    /// The texts that `characters` accepts.
    static Dfa plain(Dfa characters) {
        return new Utf8Lowering().lower(characters, false);
    }

    /// JSON strings, quotes included, whose texts `characters` accepts.
    static Dfa string(Dfa characters) {
        return new Utf8Lowering().lower(characters, true);
    }

    private Dfa lower(Dfa characters, boolean quoted) {
        List<List<Dfa.Edge>> edges = characters.edges();
        int[] states = new int[edges.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = i == 0 && !quoted ? 0 : bytes.state();
        }
        int end = bytes.state();
        bytes.accept(end);
        if (quoted) {
            bytes.edge(0, '"', '"', states[0]);
        }
        for (int i = 0; i < states.length; i++) {
            for (Dfa.Edge edge : edges.get(i)) {
                if (quoted) {
                    addQuoted(edge.low(), edge.high(), states[i], states[edge.target()]);
                } else {
                    addPlain(edge.low(), edge.high(), states[i], states[edge.target()]);
                }
            }
            if (characters.accepting().get(i) && quoted) {
                bytes.edge(states[i], '"', '"', end);
            } else if (characters.accepting().get(i)) {
                bytes.silent(states[i], end);
            }
        }
        return bytes.determinized();
    }

    private void addQuoted(int low, int high, int from, int to) {
        for (int c = low; c <= high && c < ' '; c++) {
            addControl(c, from, to);
        }
        int next = Math.max(low, ' ');
        for (int special : new int[] {'"', '\\'}) {
            if (next <= special && special <= high) {
                addPlain(next, special - 1, from, to);
                int escape = bytes.state();
                bytes.edge(from, '\\', '\\', escape);
                bytes.edge(escape, special, special, to);
                next = special + 1;
            }
        }
        addPlain(next, high, from, to);
    }

    private void addControl(int control, int from, int to) {
        int at = bytes.state();
        bytes.edge(from, '\\', '\\', at);
        int place = SHORT_ESCAPES.indexOf(control);
        if (place >= 0) {
            bytes.edge(at, SHORT_ESCAPES.charAt(place + 1), SHORT_ESCAPES.charAt(place + 1), to);
            return;
        }
        for (char c : "u00%d".formatted(control >> 4).toCharArray()) {
            int following = bytes.state();
            bytes.edge(at, c, c, following);
            at = following;
        }
        char digit = Character.forDigit(control & 0xF, 16);
        bytes.edge(at, digit, digit, to);
        bytes.edge(at, Character.toUpperCase(digit), Character.toUpperCase(digit), to);
    }

    private void addPlain(int low, int high, int from, int to) {
        int next = low;
        for (int length = 1; length <= LONGEST.length; length++) {
            int last = Math.min(high, LONGEST[length - 1]);
            if (next <= last) {
                addOfLength(next, last, length, from, to);
                next = last + 1;
            }
        }
    }

    /// Cuts the interval until all bytes but the first of a difference run over all that they can be.
    private void addOfLength(int low, int high, int length, int from, int to) {
        for (int i = 1; i < length; i++) {
            int tail = (1 << 6 * i) - 1;
            if ((low & ~tail) != (high & ~tail)) {
                if ((low & tail) != 0) {
                    addOfLength(low, low | tail, length, from, to);
                    addOfLength((low | tail) + 1, high, length, from, to);
                    return;
                }
                if ((high & tail) != tail) {
                    addOfLength(low, (high & ~tail) - 1, length, from, to);
                    addOfLength(high & ~tail, high, length, from, to);
                    return;
                }
            }
        }
        int at = to;
        for (int i = length - 1; i > 0; i--) {
            Tail tail = new Tail(byteOf(low, i, length), byteOf(high, i, length), at);
            Integer known = tails.get(tail);
            if (known == null) {
                known = bytes.state();
                bytes.edge(known, tail.low, tail.high, at);
                tails.put(tail, known);
            }
            at = known;
        }
        bytes.edge(from, byteOf(low, 0, length), byteOf(high, 0, length), at);
    }

    private record Tail(int low, int high, int to) {}

    private static int byteOf(int codePoint, int index, int length) {
        int bits = codePoint >> 6 * (length - 1 - index);
        if (index > 0) {
            return 0x80 | bits & 0x3F;
        }
        return switch (length) {
            case 1 -> bits;
            case 2 -> 0xC0 | bits;
            case 3 -> 0xE0 | bits;
            default -> 0xF0 | bits;
        };
    }
}
