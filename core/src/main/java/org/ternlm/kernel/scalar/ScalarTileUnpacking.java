package org.ternlm.kernel.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ternlm.kernel.ByteProducts;
import org.ternlm.kernel.TileUnpacking;
import org.ternlm.quant.Interleaved2;
import org.ternlm.quant.LookupWords;

/// [TileUnpacking] in plain loops: a weight at a time.
public final class ScalarTileUnpacking implements TileUnpacking {
    private static final ValueLayout.OfShort WORD = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);
    private static final int MASK = (1 << LookupWords.INDEX_BITS) - 1;

    @Override
    public void unpack(LookupWords layout, MemorySegment codes, long at, int columns, MemorySegment tile, long target) {
        int perIndex = layout.weightsPerIndex();
        int groups = TileUnpacking.periods(layout, columns) * PERIOD_GROUPS;
        byte[] weights = weights(layout);
        for (int group = 0; group < groups; group++) {
            int column = group * LookupWords.INDICES * perIndex;
            for (int lane = 0; lane < LookupWords.LANES; lane++) {
                int word = codes.get(WORD, at + (long) group * LookupWords.GROUP_BYTES + 2L * lane);
                long row = target + (long) Interleaved2.rowOfLane(lane) * ByteProducts.COLUMNS_TOGETHER;
                for (int i = 0; i < LookupWords.INDICES * perIndex; i++) {
                    int index = word >> i / perIndex * LookupWords.INDEX_BITS & MASK;
                    tile.set(ValueLayout.JAVA_BYTE, row + place(column + i), weights[index * perIndex + i % perIndex]);
                }
            }
        }
    }

    /// From a row's first byte to that of a column.
    private static long place(int column) {
        return (long) (column / ByteProducts.COLUMNS_TOGETHER) * STEP_BYTES + column % ByteProducts.COLUMNS_TOGETHER;
    }

    /// For each index the weights that it stands for.
    private static byte[] weights(LookupWords layout) {
        byte[] weights = new byte[(MASK + 1) * layout.weightsPerIndex()];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) layout.weight(i / layout.weightsPerIndex(), i % layout.weightsPerIndex());
        }
        return weights;
    }
}
