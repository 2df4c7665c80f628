package org.ternlm.tokenizer;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/// The 256 characters in which byte-level vocabularies spell bytes (GPT-2, `bytes_to_unicode`): a byte that is a
/// printable Latin-1 character stands for itself, and the 68 others, in ascending order, are U+0100 to U+0143. So no
/// piece holds a control character or a space: `Ġ` (U+0120) is the space.
final class ByteAlphabet {
    private static final int FIRST_SUBSTITUTE = 0x100;
    private static final char[] SYMBOLS = symbols();
    private static final short[] BYTES = bytes();
    private static final int[] RANKS = ranks();

    private ByteAlphabet() {}

    /// The character that spells `value`, 0 to 255.
    static char symbol(int value) {
        return SYMBOLS[value];
    }

    /// The byte, 0 to 255, that `symbol` spells, or -1 if it is outside the alphabet.
    static int value(char symbol) {
        return symbol < BYTES.length ? BYTES[symbol] : -1;
    }

    /// The alphabet in the order of its characters, each as a text.
    static List<String> sortedSymbols() {
        String[] sorted = new String[SYMBOLS.length];
        for (int value = 0; value < SYMBOLS.length; value++) {
            sorted[RANKS[value]] = String.valueOf(SYMBOLS[value]);
        }
        return List.of(sorted);
    }

    /// The place of the character that spells `value`, 0 to 255, in [#sortedSymbols].
    static int rank(int value) {
        return RANKS[value];
    }

    /// The UTF-8 bytes of `text`, spelt.
    static String spell(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        char[] spelt = new char[utf8.length];
        for (int i = 0; i < utf8.length; i++) {
            spelt[i] = SYMBOLS[Byte.toUnsignedInt(utf8[i])];
        }
        return new String(spelt);
    }

    /// The bytes that `piece` spells. A piece with any character outside the alphabet (an added token, say) spells
    /// nothing: it is text, and gives its own UTF-8 bytes.
    static byte[] read(String piece) {
        byte[] bytes = new byte[piece.length()];
        for (int i = 0; i < bytes.length; i++) {
            int value = value(piece.charAt(i));
            if (value < 0) {
                return piece.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) value;
        }
        return bytes;
    }

    private static char[] symbols() {
        char[] symbols = new char[256];
        int substitute = FIRST_SUBSTITUTE;
        for (int value = 0; value < symbols.length; value++) {
            boolean printable = value > ' ' && value < 0x7F || value > 0xA0 && value != 0xAD;
            symbols[value] = (char) (printable ? value : substitute++);
        }
        return symbols;
    }

    private static int[] ranks() {
        int[] ranks = new int[SYMBOLS.length];
        for (char symbol : SYMBOLS) {
            for (int value = 0; value < SYMBOLS.length; value++) {
                ranks[value] += symbol < SYMBOLS[value] ? 1 : 0;
            }
        }
        return ranks;
    }

    private static short[] bytes() {
        short[] bytes = new short[FIRST_SUBSTITUTE + 68];
        Arrays.fill(bytes, (short) -1);
        for (int value = 0; value < SYMBOLS.length; value++) {
            bytes[SYMBOLS[value]] = (short) value;
        }
        return bytes;
    }
}
