package org.ternlm.train.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.model.LinearKind;
import org.ternlm.quant.AbsMean;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Precision;

/// Matrices with the same input, such as query, key and value, as one: they lie one behind the other. Each keeps its own
/// scale.
///
/// ```
/// ternary   forward [columns, rows] of trits, int8 or wide        backward [rows, columns] of trits, wide
/// dense     forward and backward: the weights, wide
/// ```
///
/// *Wide* is the type of [Precision]. Weights that are still turning ternary (`share` below 1) are
/// `W + share · (weightScale · trit - W)`: no integers, so forward is wide then.
///
/// Written by [#prepare] once a step, read by all workers after that.
final class LinearGroup implements AutoCloseable {
    private final LinearKind kind;
    private final long offset;
    private final int columns;
    private final int[] partRows;
    private final float[] scales;
    private final MemorySegment master;
    private final Tensor masterView;
    private final Block integers;
    private final Block wide;
    private final boolean integerProducts;
    private final Tensor forwardIntegers;
    private final Tensor forwardWide;
    private final byte[] trits;
    private final byte[] before;
    private boolean prepared;
    private long flips;
    private final long[] counts = new long[3];

    /// @param names of the matrices, neighbours in the block of parameters
    LinearGroup(LinearKind kind, Parameters parameters, List<String> names, FusedPass.Plan plan, FloatKernel kernel) {
        this.kind = kind;
        this.offset = parameters.block().offset(names.getFirst());
        this.columns = (int) parameters.get(names.getFirst()).size(1);
        partRows = names.stream().mapToInt(name -> (int) parameters.get(name).size(0)).toArray();
        scales = new float[partRows.length];
        Arrays.fill(scales, 1);
        int rows = rows();
        master = parameters.block().memory().asSlice(offset * Float.BYTES, (long) rows * columns * Float.BYTES);
        integerProducts = kind.isTernary() && !plan.turning() && Products.fastIntegers();
        Element element = plan.precision() == Precision.BFLOAT16 ? Element.BFLOAT16 : Element.FLOAT32;
        boolean inPlace = !kind.isTernary() && element == Element.FLOAT32;
        integers = new Block(Element.INT8, integerProducts ? rows : 0, columns, kernel);
        // Integers alone will do where there is no way back.
        boolean without = inPlace || integerProducts && plan.mode() == PassMode.FORWARD;
        wide = new Block(element, without ? 0 : rows, columns, kernel);
        before = new byte[columns];
        trits = new byte[kind.isTernary() ? Math.multiplyExact(rows, columns) : 0];
        try (PointerScope scope = new PointerScope()) {
            masterView = parameters.block().flat().narrow(0, offset, (long) rows * columns).view(rows, columns)
                    .retainReference();
            forwardIntegers = integers.tensor().t().retainReference();
            forwardWide = (inPlace ? masterView : wide.tensor()).t().retainReference();
        }
    }

    int rows() {
        return Arrays.stream(partRows).sum();
    }

    int columns() {
        return columns;
    }

    /// Where its weights, and their gradients, begin in the block.
    long offset() {
        return offset;
    }

    /// Rows of each matrix.
    int[] partRows() {
        return partRows;
    }

    /// The weight scale of each matrix; 1 for dense ones.
    float[] scales() {
        return scales;
    }

    /// Whether the activations are to be int8.
    boolean isQuantized() {
        return kind.isTernary();
    }

    /// Whether forward products are of integers.
    boolean isInteger() {
        return integerProducts;
    }

    /// `[columns, rows]` of int8.
    Tensor forwardIntegers() {
        return forwardIntegers;
    }

    /// `[columns, rows]` of the wide type.
    Tensor forwardWide() {
        return forwardWide;
    }

    /// `[rows, columns]` of the wide type.
    Tensor backward() {
        return wide.isEmpty() ? masterView : wide.tensor();
    }

    /// Makes the operands from the master weights.
    ///
    /// @param share how ternary the weights are, 0 to 1
    void prepare(float share) {
        if (!kind.isTernary()) {
            if (!wide.isEmpty()) {
                Products.convert(masterView, wide.tensor());
            }
            return;
        }
        flips = 0;
        Arrays.fill(counts, 0);
        float[] row = new float[columns];
        long at = 0;
        for (int part = 0; part < partRows.length; part++) {
            Sums sums = sums(at, partRows[part], row);
            long size = (long) partRows[part] * columns;
            scales[part] = Math.max((float) (sums.magnitudes / size), smallestScale());
            float edge = kind == LinearKind.MASTER_SIGN ? above(sums.values / size) : 0;
            for (int r = 0; r < partRows[part]; r++) {
                read(at + r, row);
                prepareRow((int) (at + r), row, scales[part], edge, share);
            }
            at += partRows[part];
        }
        // The first time there is nothing that they could have changed from.
        flips = prepared ? flips : 0;
        prepared = true;
    }

    private float smallestScale() {
        // ±1 weights have no such bound, only one that keeps the inverse finite.
        return kind == LinearKind.MASTER_SIGN ? Float.MIN_NORMAL : AbsMean.SMALLEST_SCALE;
    }

    private record Sums(double values, double magnitudes) {}

    private Sums sums(long firstRow, int rows, float[] row) {
        double values = 0;
        double magnitudes = 0;
        for (int r = 0; r < rows; r++) {
            read(firstRow + r, row);
            double sum = 0;
            double magnitude = 0;
            for (float value : row) {
                sum += value;
                magnitude += Math.abs(value);
            }
            values += sum;
            magnitudes += magnitude;
        }
        return new Sums(values, magnitudes);
    }

    /// The largest float that is not above the mean: a float is above the one if and only if it is above the other.
    private static float above(double mean) {
        float edge = (float) mean;
        return edge > mean ? Math.nextDown(edge) : edge;
    }

    private void prepareRow(int index, float[] row, float scale, float edge, float share) {
        float inverse = 1 / scale;
        int start = index * columns;
        System.arraycopy(trits, start, before, 0, columns);
        if (kind == LinearKind.MASTER_SIGN) {
            for (int i = 0; i < columns; i++) {
                trits[start + i] = (byte) (row[i] > edge ? 1 : -1);
            }
        } else {
            for (int i = 0; i < columns; i++) {
                float scaled = row[i] * inverse;
                // Half to even: a half is 0.
                trits[start + i] = (byte) ((scaled > 0.5f ? 1 : 0) - (scaled < -0.5f ? 1 : 0));
            }
        }
        count(start);
        if (integerProducts) {
            MemorySegment.copy(trits, start, integers.memory(), ValueLayout.JAVA_BYTE, start, columns);
        }
        if (wide.isEmpty()) {
            return;
        }
        for (int i = 0; i < columns; i++) {
            float scaled = row[i] * inverse;
            row[i] = share >= 1 ? trits[start + i] : scaled + share * (trits[start + i] - scaled);
        }
        wide.writeRow(index, row);
    }

    private void count(int start) {
        int changed = 0;
        int minus = 0;
        int plus = 0;
        for (int i = 0; i < columns; i++) {
            int trit = trits[start + i];
            changed += trit == before[i] ? 0 : 1;
            minus += trit < 0 ? 1 : 0;
            plus += trit > 0 ? 1 : 0;
        }
        flips += changed;
        counts[0] += minus;
        counts[1] += columns - minus - plus;
        counts[2] += plus;
    }

    private void read(long row, float[] into) {
        MemorySegment.copy(master, ValueLayout.JAVA_FLOAT, row * columns * Float.BYTES, into, 0, columns);
    }

    /// How many trits the last [#prepare] changed.
    long flips() {
        return flips;
    }

    /// How many trits are -1, 0 and +1.
    long[] counts() {
        return counts;
    }

    @Override
    public void close() {
        integers.close();
        wide.close();
        masterView.close();
        forwardIntegers.close();
        forwardWide.close();
    }
}
