package org.ternlm.kernel.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.tensor.BFloat16;
import org.ternlm.tensor.DType;

/// [DenseKernel] as its equation stands, summed in double.
public final class ScalarDenseKernel implements DenseKernel {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public void multiply(MemorySegment weights, DType type, int rows, int columns, int fromRow, int toRow, float[] x,
            int tokens, float[] y) {
        for (int row = fromRow; row < toRow; row++) {
            long start = (long) row * columns;
            for (int token = 0; token < tokens; token++) {
                double sum = 0;
                for (int column = 0; column < columns; column++) {
                    sum += (double) weight(weights, type, start + column) * x[token * columns + column];
                }
                y[token * rows + row] = (float) sum;
            }
        }
    }

    private static float weight(MemorySegment weights, DType type, long index) {
        return switch (type) {
            case F32 -> weights.get(FLOAT, index * 4);
            case BF16 -> BFloat16.toFloat(weights.get(SHORT, index * 2));
            case F16 -> Float.float16ToFloat(weights.get(SHORT, index * 2));
            case F64, I64, I32, I16, I8, U8, BOOL -> throw new IllegalArgumentException("weights of type " + type);
        };
    }
}
