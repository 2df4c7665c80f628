package org.ternlm.kernel.vector;

import static java.nio.ByteOrder.LITTLE_ENDIAN;
import static jdk.incubator.vector.VectorOperators.ADD;
import static jdk.incubator.vector.VectorOperators.F2D;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.S2I;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorSpecies;
import org.ternlm.kernel.DenseKernel;
import org.ternlm.tensor.BFloat16;
import org.ternlm.tensor.DType;

/// [DenseKernel] with vectors: several accumulators a row, since one would wait for the latency of each multiply-add.
/// Sums are made in double, as [VectorFloatKernel] says why.
/// One loop for each type of weight, written out so that nothing is boxed.
final class VectorDenseKernel implements DenseKernel {
    private static final VectorSpecies<Float> FLOAT = Species.FLOAT;
    private static final VectorSpecies<Double> DOUBLE = Species.DOUBLE;
    private static final VectorSpecies<Short> HALF = Species.HALF_SHORT;
    private static final int LANES = FLOAT.length();
    private static final ValueLayout.OfFloat F32 = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort I16 = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    /// Shifted into a float's place, the exponent of a half is short by 112; this also normalises subnormals.
    private static final float HALF_EXPONENT = 0x1p112f;

    @Override
    public String name() {
        return "vector-" + Species.SHAPE.vectorBitSize();
    }

    @Override
    public void multiply(MemorySegment weights, DType type, int rows, int columns, int fromRow, int toRow, float[] x,
            int tokens, float[] y) {
        for (int row = fromRow; row < toRow; row++) {
            for (int token = 0; token < tokens; token++) {
                y[token * rows + row] = switch (type) {
                    case F32 -> dotF32(weights, 4L * row * columns, x, token * columns, columns);
                    case BF16 -> dotBF16(weights, 2L * row * columns, x, token * columns, columns);
                    case F16 -> dotF16(weights, 2L * row * columns, x, token * columns, columns);
                    case F64, I64, I32, I16, I8, U8, BOOL ->
                        throw new IllegalArgumentException("weights of type " + type);
                };
            }
        }
    }

    private static float dotF32(MemorySegment weights, long start, float[] x, int xStart, int columns) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLE);
        DoubleVector sum1 = sum0;
        DoubleVector sum2 = sum0;
        DoubleVector sum3 = sum0;
        int c = 0;
        for (; c <= columns - 2 * LANES; c += 2 * LANES) {
            long at = start + 4L * c;
            FloatVector w0 = FloatVector.fromMemorySegment(FLOAT, weights, at, LITTLE_ENDIAN);
            FloatVector w1 = FloatVector.fromMemorySegment(FLOAT, weights, at + 4L * LANES, LITTLE_ENDIAN);
            FloatVector x0 = FloatVector.fromArray(FLOAT, x, xStart + c);
            FloatVector x1 = FloatVector.fromArray(FLOAT, x, xStart + c + LANES);
            sum0 = ((DoubleVector) w0.convertShape(F2D, DOUBLE, 0)).fma((DoubleVector) x0.convertShape(F2D, DOUBLE, 0),
                    sum0);
            sum1 = ((DoubleVector) w0.convertShape(F2D, DOUBLE, 1)).fma((DoubleVector) x0.convertShape(F2D, DOUBLE, 1),
                    sum1);
            sum2 = ((DoubleVector) w1.convertShape(F2D, DOUBLE, 0)).fma((DoubleVector) x1.convertShape(F2D, DOUBLE, 0),
                    sum2);
            sum3 = ((DoubleVector) w1.convertShape(F2D, DOUBLE, 1)).fma((DoubleVector) x1.convertShape(F2D, DOUBLE, 1),
                    sum3);
        }
        double sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
        for (; c < columns; c++) {
            sum += (double) weights.get(F32, start + 4L * c) * x[xStart + c];
        }
        return (float) sum;
    }

    private static float dotBF16(MemorySegment weights, long start, float[] x, int xStart, int columns) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLE);
        DoubleVector sum1 = sum0;
        DoubleVector sum2 = sum0;
        DoubleVector sum3 = sum0;
        int c = 0;
        for (; c <= columns - 2 * LANES; c += 2 * LANES) {
            long at = start + 2L * c;
            FloatVector w0 = ((IntVector) ShortVector.fromMemorySegment(HALF, weights, at, LITTLE_ENDIAN)
                    .convertShape(S2I, Species.INT, 0)).lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector w1 = ((IntVector) ShortVector.fromMemorySegment(HALF, weights, at + 2L * LANES, LITTLE_ENDIAN)
                    .convertShape(S2I, Species.INT, 0)).lanewise(LSHL, 16).reinterpretAsFloats();
            FloatVector x0 = FloatVector.fromArray(FLOAT, x, xStart + c);
            FloatVector x1 = FloatVector.fromArray(FLOAT, x, xStart + c + LANES);
            sum0 = ((DoubleVector) w0.convertShape(F2D, DOUBLE, 0)).fma((DoubleVector) x0.convertShape(F2D, DOUBLE, 0),
                    sum0);
            sum1 = ((DoubleVector) w0.convertShape(F2D, DOUBLE, 1)).fma((DoubleVector) x0.convertShape(F2D, DOUBLE, 1),
                    sum1);
            sum2 = ((DoubleVector) w1.convertShape(F2D, DOUBLE, 0)).fma((DoubleVector) x1.convertShape(F2D, DOUBLE, 0),
                    sum2);
            sum3 = ((DoubleVector) w1.convertShape(F2D, DOUBLE, 1)).fma((DoubleVector) x1.convertShape(F2D, DOUBLE, 1),
                    sum3);
        }
        double sum = sum0.add(sum1).add(sum2.add(sum3)).reduceLanes(ADD);
        for (; c < columns; c++) {
            sum += (double) BFloat16.toFloat(weights.get(I16, start + 2L * c)) * x[xStart + c];
        }
        return (float) sum;
    }

    private static float dotF16(MemorySegment weights, long start, float[] x, int xStart, int columns) {
        DoubleVector sum0 = DoubleVector.zero(DOUBLE);
        DoubleVector sum1 = sum0;
        int c = 0;
        for (; c <= columns - LANES; c += LANES) {
            IntVector bits = (IntVector) ShortVector.fromMemorySegment(HALF, weights, start + 2L * c, LITTLE_ENDIAN)
                    .convertShape(S2I, Species.INT, 0);
            // Sign to bit 31; the rest from bit 13 on, scaled by 2^112. Infinities and NaN are no weights.
            IntVector magnitude = bits.and(0x7FFF).lanewise(LSHL, 13);
            FloatVector w0 = magnitude.reinterpretAsFloats().mul(HALF_EXPONENT).reinterpretAsInts()
                    .or(bits.and(0x8000).lanewise(LSHL, 16)).reinterpretAsFloats();
            FloatVector x0 = FloatVector.fromArray(FLOAT, x, xStart + c);
            sum0 = ((DoubleVector) w0.convertShape(F2D, DOUBLE, 0)).fma((DoubleVector) x0.convertShape(F2D, DOUBLE, 0),
                    sum0);
            sum1 = ((DoubleVector) w0.convertShape(F2D, DOUBLE, 1)).fma((DoubleVector) x0.convertShape(F2D, DOUBLE, 1),
                    sum1);
        }
        double sum = sum0.add(sum1).reduceLanes(ADD);
        for (; c < columns; c++) {
            sum += (double) Float.float16ToFloat(weights.get(I16, start + 2L * c)) * x[xStart + c];
        }
        return (float) sum;
    }
}
