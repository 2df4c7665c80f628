package org.ternlm.eval.task;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import org.ternlm.eval.task.Bzip2InputStream.BitReader;

/// One block of bzip2: from bits to bytes.
final class Bzip2Block {
    private static final int LONGEST_CODE = 20;
    private static final int GROUP = 50;
    private static final int POLYNOMIAL = 0x04c11db7;
    private static final int[] CHECKSUMS = checksums();

    private final BitReader bits;
    private final int[] transformed;
    private int length;

    Bzip2Block(BitReader bits, int largest) {
        this.bits = bits;
        transformed = new int[largest];
    }

    byte[] bytes() throws IOException {
        if (bits.flag()) {
            throw new IOException("bzip2 of a kind that is no longer written (randomised)");
        }
        int origin = bits.read(24);
        byte[] symbols = symbols();
        int tableCount = bits.read(3);
        int[] selectors = selectors(tableCount);
        Code[] codes = new Code[tableCount];
        for (int i = 0; i < tableCount; i++) {
            codes[i] = Code.read(bits, symbols.length + 2);
        }
        decode(symbols, selectors, codes);
        if (origin >= length) {
            throw damaged("the origin of a block");
        }
        return withoutRuns(untransformed(origin));
    }

    private byte[] symbols() throws IOException {
        int ranges = bits.read(16);
        byte[] used = new byte[256];
        int count = 0;
        for (int range = 0; range < 16; range++) {
            if ((ranges & 0x8000 >> range) != 0) {
                int members = bits.read(16);
                for (int i = 0; i < 16; i++) {
                    if ((members & 0x8000 >> i) != 0) {
                        used[count++] = (byte) (range * 16 + i);
                    }
                }
            }
        }
        if (count == 0) {
            throw damaged("no symbols");
        }
        return Arrays.copyOf(used, count);
    }

    /// Which code serves each group of fifty symbols.
    private int[] selectors(int tableCount) throws IOException {
        int[] selectors = new int[bits.read(15)];
        if (tableCount < 2 || tableCount > 6 || selectors.length == 0) {
            throw damaged("the number of codes");
        }
        int[] order = {0, 1, 2, 3, 4, 5};
        for (int i = 0; i < selectors.length; i++) {
            int at = 0;
            while (bits.flag()) {
                if (++at >= tableCount) {
                    throw damaged("the choice of a code");
                }
            }
            int chosen = order[at];
            System.arraycopy(order, 0, order, 1, at);
            order[0] = chosen;
            selectors[i] = chosen;
        }
        return selectors;
    }

    private void decode(byte[] symbols, int[] selectors, Code[] codes) throws IOException {
        int end = symbols.length + 1;
        int run = 0;
        int runUnit = 1;
        for (int at = 0;; at++) {
            if (at / GROUP >= selectors.length) {
                throw damaged("more symbols than codes");
            }
            int symbol = codes[selectors[at / GROUP]].next(bits);
            if (symbol <= 1) {
                // Digits 1 and 2, the lowest first.
                run += runUnit << symbol;
                runUnit <<= 1;
                if (run > transformed.length) {
                    throw damaged("a run longer than a block");
                }
                continue;
            }
            append(symbols[0], run);
            run = 0;
            runUnit = 1;
            if (symbol == end) {
                return;
            }
            byte moved = symbols[symbol - 1];
            System.arraycopy(symbols, 0, symbols, 1, symbol - 1);
            symbols[0] = moved;
            append(moved, 1);
        }
    }

    private void append(byte value, int count) throws IOException {
        if (count > transformed.length - length) {
            throw damaged("more than a block holds");
        }
        Arrays.fill(transformed, length, length + count, value & 0xff);
        length += count;
    }

    /// The Burrows-Wheeler transform backwards: each entry gets in its upper bits where its successor stands.
    private byte[] untransformed(int origin) {
        int[] starts = new int[257];
        for (int i = 0; i < length; i++) {
            starts[transformed[i] + 1]++;
        }
        for (int i = 1; i < starts.length; i++) {
            starts[i] += starts[i - 1];
        }
        for (int i = 0; i < length; i++) {
            transformed[starts[transformed[i] & 0xff]++] |= i << 8;
        }
        byte[] text = new byte[length];
        int at = transformed[origin] >>> 8;
        for (int i = 0; i < length; i++) {
            text[i] = (byte) transformed[at];
            at = transformed[at] >>> 8;
        }
        return text;
    }

    /// Four equal bytes are followed by how many more of them there are.
    private static byte[] withoutRuns(byte[] text) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream(text.length + text.length / 8);
        int same = 0;
        for (int i = 0; i < text.length; i++) {
            same = i > 0 && same > 0 && text[i] == text[i - 1] ? same + 1 : 1;
            out.write(text[i]);
            if (same == 4) {
                if (++i == text.length) {
                    throw damaged("a run without length");
                }
                for (int more = text[i] & 0xff; more > 0; more--) {
                    out.write(text[i - 1]);
                }
                same = 0;
            }
        }
        return out.toByteArray();
    }

    /// CRC-32, with the highest bit first.
    static int checksum(byte[] bytes) {
        int checksum = -1;
        for (byte value : bytes) {
            checksum = checksum << 8 ^ CHECKSUMS[checksum >>> 24 ^ value & 0xff];
        }
        return ~checksum;
    }

    private static int[] checksums() {
        int[] table = new int[256];
        for (int i = 0; i < table.length; i++) {
            int value = i << 24;
            for (int bit = 0; bit < 8; bit++) {
                value = value < 0 ? value << 1 ^ POLYNOMIAL : value << 1;
            }
            table[i] = value;
        }
        return table;
    }

    private static IOException damaged(String what) {
        return new IOException("damaged bzip2: " + what);
    }

    /// A canonical Huffman code: for each length the smallest code word and the symbols in order.
    ///
    /// @param counts how many code words have each length
    /// @param ordered symbols, those of short code words first
    private record Code(int[] counts, int[] ordered) {
        static Code read(BitReader bits, int symbols) throws IOException {
            int[] lengths = new int[symbols];
            int[] counts = new int[LONGEST_CODE + 1];
            int length = bits.read(5);
            for (int i = 0; i < symbols; i++) {
                while (bits.flag()) {
                    length += bits.flag() ? -1 : 1;
                }
                if (length < 1 || length > LONGEST_CODE) {
                    throw damaged("the length of a code");
                }
                lengths[i] = length;
                counts[length]++;
            }
            int[] ordered = new int[symbols];
            int at = 0;
            for (int wanted = 1; wanted <= LONGEST_CODE; wanted++) {
                for (int i = 0; i < symbols; i++) {
                    if (lengths[i] == wanted) {
                        ordered[at++] = i;
                    }
                }
            }
            return new Code(counts, ordered);
        }

        int next(BitReader bits) throws IOException {
            int word = 0;
            int smallest = 0;
            int before = 0;
            for (int length = 1; length <= LONGEST_CODE; length++) {
                word = word << 1 | bits.read(1);
                if (word - smallest < counts[length]) {
                    return ordered[before + word - smallest];
                }
                before += counts[length];
                smallest = smallest + counts[length] << 1;
            }
            throw damaged("a code word that means nothing");
        }
    }
}
