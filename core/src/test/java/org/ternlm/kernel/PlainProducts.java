package org.ternlm.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// What a library does, in plain loops.
final class PlainProducts implements ByteProducts {
    private boolean closed;

    @Override
    public String description() {
        return "plain";
    }

    @Override
    public void multiply(MemorySegment activations, int tokens, int columns, MemorySegment weights,
            MemorySegment sums) {
        byte[] values = activations.asSlice(0, (long) tokens * columns).toArray(ValueLayout.JAVA_BYTE);
        byte[] tile = weights.asSlice(0, (long) columns * TILE_ROWS).toArray(ValueLayout.JAVA_BYTE);
        for (int token = 0; token < tokens; token++) {
            for (int row = 0; row < TILE_ROWS; row++) {
                int sum = 0;
                for (int column = 0; column < columns; column++) {
                    int place = column / 4 * 4 * TILE_ROWS + row * 4 + column % 4;
                    sum += (values[token * columns + column] & 0xFF) * tile[place];
                }
                sums.setAtIndex(ValueLayout.JAVA_INT, (long) token * TILE_ROWS + row, sum);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    @Override
    public void close() {
        closed = true;
    }
}
