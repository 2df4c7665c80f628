package org.ternlm.chat.schema;

import java.util.Arrays;

/// A JSON string, quotes included, of any characters: valid UTF-8, valid escapes, surrogates only in pairs, no control
/// characters. Its length is counted in code points. A state is made of the place in the string, the number of code
/// points that it still needs and the number that it may still have.
final class TextTerminal implements Terminal {
    static final TextTerminal TEXT = new TextTerminal();

    /// No limit to the number of code points.
    static final int UNLIMITED = (1 << 27) - 1;

    private static final int OPEN = 0;
    private static final int BODY = 1;
    private static final int ESCAPE = 2;
    private static final int HEX_4 = 3;
    private static final int HEX_3 = 4;
    private static final int HEX_2 = 5;
    private static final int HEX_1 = 6;
    private static final int AFTER_D = 7;
    private static final int HIGH_2 = 8;
    private static final int HIGH_1 = 9;
    private static final int PAIR_ESCAPE = 10;
    private static final int PAIR_U = 11;
    private static final int PAIR_D = 12;
    private static final int PAIR_LOW = 13;
    private static final int TAIL_1 = 14;
    private static final int TAIL_2 = 15;
    private static final int TAIL_3 = 16;
    private static final int AFTER_E0 = 17;
    private static final int AFTER_ED = 18;
    private static final int AFTER_F0 = 19;
    private static final int AFTER_F4 = 20;
    private static final int DONE = 21;

    private static final int NEEDED_SHIFT = 8;
    private static final int ROOM_SHIFT = 36;
    private static final byte[][] TABLE = table();

    private TextTerminal() {}

    /// The state before a string of `min` to `max` code points.
    static long start(int min, int max) {
        return state(OPEN, min, max);
    }

    private static long state(int place, int needed, int room) {
        return place | (long) needed << NEEDED_SHIFT | (long) room << ROOM_SHIFT;
    }

    /// Whether the next byte begins a character or ends the string.
    static boolean isBetweenCharacters(long state) {
        return place(state) == BODY;
    }

    private static int place(long state) {
        return (int) state & 0xFF;
    }

    private static int needed(long state) {
        return (int) (state >> NEEDED_SHIFT) & UNLIMITED;
    }

    private static int room(long state) {
        return (int) (state >> ROOM_SHIFT);
    }

    @Override
    public long step(long state, int next) {
        int place = place(state);
        int following = TABLE[place][next];
        if (following < 0) {
            return DEAD;
        }
        if (place != BODY) {
            return state & ~0xFFL | following;
        }
        int needed = needed(state);
        int room = room(state);
        if (following == DONE) {
            return needed == 0 ? state & ~0xFFL | DONE : DEAD;
        }
        if (room == 0) {
            return DEAD;
        }
        return state(following, Math.max(0, needed - 1), room == UNLIMITED ? room : room - 1);
    }

    @Override
    public int outcome(long state) {
        return place(state) == DONE ? 0 : -1;
    }

    @Override
    public boolean hasMore(long state) {
        return place(state) != DONE;
    }

    @Override
    public boolean isCommon() {
        return true;
    }

    @Override
    public long alike(long state, int bytes) {
        int room = room(state);
        return state(place(state), Math.min(needed(state), bytes), room >= bytes ? UNLIMITED : room);
    }

    private static byte[][] table() {
        byte[][] table = new byte[DONE + 1][256];
        for (byte[] row : table) {
            Arrays.fill(row, (byte) -1);
        }
        set(table, OPEN, '"', '"', BODY);
        set(table, BODY, ' ', 0x7F, BODY);
        set(table, BODY, '"', '"', DONE);
        set(table, BODY, '\\', '\\', ESCAPE);
        for (char letter : "\"\\/bfnrt".toCharArray()) {
            set(table, ESCAPE, letter, letter, BODY);
        }
        set(table, ESCAPE, 'u', 'u', HEX_4);
        setHexadecimal(table, HEX_4, HEX_3);
        setHexadecimal(table, HEX_3, HEX_2);
        setHexadecimal(table, HEX_2, HEX_1);
        setHexadecimal(table, HEX_1, BODY);
        setLetter(table, HEX_4, 'd', AFTER_D);
        set(table, AFTER_D, '0', '7', HEX_2);
        set(table, AFTER_D, '8', '9', HIGH_2);
        setLetter(table, AFTER_D, 'a', HIGH_2);
        setLetter(table, AFTER_D, 'b', HIGH_2);
        setHexadecimal(table, HIGH_2, HIGH_1);
        setHexadecimal(table, HIGH_1, PAIR_ESCAPE);
        set(table, PAIR_ESCAPE, '\\', '\\', PAIR_U);
        set(table, PAIR_U, 'u', 'u', PAIR_D);
        setLetter(table, PAIR_D, 'd', PAIR_LOW);
        for (char letter = 'c'; letter <= 'f'; letter++) {
            setLetter(table, PAIR_LOW, letter, HEX_2);
        }
        setMultibyte(table);
        return table;
    }

    /// The well-formed sequences of UTF-8 (Unicode Standard, table 3-7).
    private static void setMultibyte(byte[][] table) {
        set(table, BODY, 0xC2, 0xDF, TAIL_1);
        set(table, BODY, 0xE0, 0xE0, AFTER_E0);
        set(table, BODY, 0xE1, 0xEF, TAIL_2);
        set(table, BODY, 0xED, 0xED, AFTER_ED);
        set(table, BODY, 0xF0, 0xF0, AFTER_F0);
        set(table, BODY, 0xF1, 0xF3, TAIL_3);
        set(table, BODY, 0xF4, 0xF4, AFTER_F4);
        set(table, TAIL_1, 0x80, 0xBF, BODY);
        set(table, TAIL_2, 0x80, 0xBF, TAIL_1);
        set(table, TAIL_3, 0x80, 0xBF, TAIL_2);
        set(table, AFTER_E0, 0xA0, 0xBF, TAIL_1);
        set(table, AFTER_ED, 0x80, 0x9F, TAIL_1);
        set(table, AFTER_F0, 0x90, 0xBF, TAIL_2);
        set(table, AFTER_F4, 0x80, 0x8F, TAIL_2);
    }

    private static void set(byte[][] table, int from, int low, int high, int to) {
        Arrays.fill(table[from], low, high + 1, (byte) to);
    }

    private static void setLetter(byte[][] table, int from, char lower, int to) {
        set(table, from, lower, lower, to);
        set(table, from, Character.toUpperCase(lower), Character.toUpperCase(lower), to);
    }

    private static void setHexadecimal(byte[][] table, int from, int to) {
        set(table, from, '0', '9', to);
        set(table, from, 'a', 'f', to);
        set(table, from, 'A', 'F', to);
    }
}
