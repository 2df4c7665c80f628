package org.ternlm.train.data;

import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// The bytes of a shard (`*.tokens`), as the package's description shows them. A start counts tokens from the shard's first
/// one; the first start is 0, and no document is empty. The file ends at P + 8·(D + 1).
final class ShardFormat {
    static final String ENDING = ".tokens";
    static final int VERSION = 1;
    static final int HEADER = 32;
    static final int VERSION_AT = 8;
    static final int WIDTH_AT = 12;
    static final int DOCUMENTS_AT = 16;
    static final int TOKENS_AT = 24;
    static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /// `TERNTOKS` as a little-endian number.
    static final long MAGIC = 0x534B4F544E524554L;
    private static final int LARGEST_SHORT_VOCABULARY = 1 << 16;

    private ShardFormat() {}

    /// Bytes of a token of a vocabulary.
    static int width(int vocabularySize) {
        return vocabularySize <= LARGEST_SHORT_VOCABULARY ? Short.BYTES : Integer.BYTES;
    }

    /// Where the documents' starts are.
    static long startsAt(long tokens, int width) {
        long end = HEADER + Math.multiplyExact(tokens, (long) width);
        return Math.addExact(end, 7) & -8L;
    }

    /// The whole file.
    static long size(long documents, long tokens, int width) {
        return Math.addExact(startsAt(tokens, width), Math.multiplyExact(Math.addExact(documents, 1), Long.BYTES));
    }
}
