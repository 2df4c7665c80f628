package org.ternlm.cli.bench;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// Whether two runs computed the same: CRC-32C of each chosen token and of the bits of its logit, four bytes each,
/// big-endian, in the order of passes and sequences.
///
/// Everything that Tern computes is defined to the bit, so numbers of threads and kinds of vectors give the same checksum.
final class OutputChecksum {
    private final CRC32C sum = new CRC32C();
    private final ByteBuffer bytes = ByteBuffer.allocate(2 * Integer.BYTES);

    void add(int token, float logit) {
        sum.update(bytes.clear().putInt(token).putInt(Float.floatToRawIntBits(logit)).flip());
    }

    /// Eight hexadecimal digits.
    @Override
    public String toString() {
        return "%08x".formatted(sum.getValue());
    }
}
