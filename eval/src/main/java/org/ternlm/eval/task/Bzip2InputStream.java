package org.ternlm.eval.task;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Unpacks bzip2, which the JDK cannot: the form that HellaSwag's plain text is passed on in. Every block is checked
/// against its checksum before any of it is given out. Not thread-safe.
///
/// The format: Huffman codes of move-to-front positions of a Burrows-Wheeler transform of runs, in blocks of up to
/// 900,000 bytes, as Julian Seward's bzip2 1.0 writes them.
final class Bzip2InputStream extends InputStream {
    private static final long BLOCK = 0x314159265359L;
    private static final long END = 0x177245385090L;

    private final BitReader bits;
    private final int largestBlock;
    private final InputStream packed;
    private byte[] block = new byte[0];
    private int position;
    private int combinedChecksum;
    private boolean ended;

    /// @throws IOException if it is no bzip2
    Bzip2InputStream(InputStream packed) throws IOException {
        this.packed = packed;
        bits = new BitReader(new BufferedInputStream(packed));
        if (bits.read(24) != ('B' << 16 | 'Z' << 8 | 'h')) {
            throw new IOException("not bzip2");
        }
        int level = bits.read(8) - '0';
        if (level < 1 || level > 9) {
            throw new IOException("bzip2 of an unknown block size");
        }
        largestBlock = level * 100_000;
    }

    @Override
    public int read() throws IOException {
        while (position == block.length) {
            if (ended) {
                return -1;
            }
            nextBlock();
        }
        return block[position++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        int first = length == 0 ? -1 : read();
        if (first < 0) {
            return length == 0 ? 0 : -1;
        }
        target[offset] = (byte) first;
        int more = Math.min(length - 1, block.length - position);
        System.arraycopy(block, position, target, offset + 1, more);
        position += more;
        return more + 1;
    }

    @Override
    public void close() throws IOException {
        packed.close();
    }

    private void nextBlock() throws IOException {
        long kind = (long) bits.read(24) << 24 | bits.read(24);
        int checksum = bits.read(16) << 16 | bits.read(16);
        if (kind == END) {
            if (checksum != combinedChecksum) {
                throw new IOException("damaged bzip2: checksum of the file");
            }
            ended = true;
        } else if (kind == BLOCK) {
            block = new Bzip2Block(bits, largestBlock).bytes();
            position = 0;
            if (Bzip2Block.checksum(block) != checksum) {
                throw new IOException("damaged bzip2: checksum of a block");
            }
            combinedChecksum = Integer.rotateLeft(combinedChecksum, 1) ^ checksum;
        } else {
            throw new IOException("damaged bzip2: neither a block nor the end");
        }
    }

    /// Numbers of some bits, the highest first.
    static final class BitReader {
        private final InputStream in;
        private int current;
        private int left;

        BitReader(InputStream in) {
            this.in = in;
        }

        /// @param count 0 to 24
        int read(int count) throws IOException {
            int value = 0;
            for (int i = 0; i < count; i++) {
                if (left == 0) {
                    current = in.read();
                    if (current < 0) {
                        throw new IOException("damaged bzip2: it ends too early");
                    }
                    left = 8;
                }
                left--;
                value = value << 1 | current >> left & 1;
            }
            return value;
        }

        boolean flag() throws IOException {
            return read(1) == 1;
        }
    }
}
