package org.ternlm.train.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;

/// BitLinear for training, or a dense layer: the forward pass computes with the rounded numbers, the backward pass as if
/// nothing had been rounded (straight-through estimator, arXiv 2310.11453, section 2.2).
///
/// ```
/// y  = sums · weightScale / multiplier     sums = q · tritᵀ, exact
/// e  = dy · weightScale / multiplier
/// dx = (e · trit) · multiplier             dW = (eᵀ · q) / weightScale
/// ```
///
/// with q = round(x · multiplier), trit = round(W / weightScale); for a dense layer q = x, trit = W and both scales are 1.
final class Linear {
    private final Desk desk;
    private final LinearGroup group;
    private final NormedInput input;
    private final Block sums;
    private final Block slopes;
    private final Tensor slopesSwapped;
    private final Block inputSlopes;
    private final Block weightSlopes;

    /// @param keeps whether the sums are needed on the way back
    Linear(Desk desk, LinearGroup group, NormedInput input, String purpose, boolean keeps) {
        this.desk = desk;
        this.group = group;
        this.input = input;
        int rows = group.rows();
        int tokens = desk.tokens;
        Element element = group.isInteger() ? Element.INT32 : desk.wide;
        sums = keeps
                ? desk.kept("sums " + purpose, element, tokens, rows)
                : desk.passing("sums", element, tokens, rows);
        int back = desk.mode == PassMode.FORWARD ? 0 : 1;
        slopes = desk.passing("slopes", desk.wide, (long) back * tokens, rows);
        slopesSwapped = desk.swapped(slopes.tensor());
        inputSlopes = desk.passing("input slopes", desk.wide, (long) back * tokens, group.columns());
        weightSlopes = desk.passing("weight slopes", desk.wide, (long) back * rows, group.columns());
    }

    /// Multiplies what the input has taken.
    void forward() {
        if (group.isInteger()) {
            Products.multiplyIntegers(input.operand(), group.forwardIntegers(), sums.tensor());
        } else {
            Products.multiply(input.operand(), group.forwardWide(), sums.tensor());
        }
    }

    /// A row of the result, one matrix behind the other.
    void read(int row, float[] into) {
        sums.readRow(row, into);
        rescale(row, into);
    }

    private void rescale(int row, float[] values) {
        if (!group.isQuantized()) {
            return;
        }
        int at = 0;
        for (int part = 0; part < group.partRows().length; part++) {
            int end = at + group.partRows()[part];
            Rows.scale(values, at, end, group.scales()[part] / input.multiplier(row));
            at = end;
        }
    }

    /// Sets the slope of a row of the result; `slope` is spoilt.
    void writeSlope(int row, float[] slope) {
        rescale(row, slope);
        slopes.writeRow(row, slope);
    }

    /// When all slopes are there: adds to the gradients of the weights, and makes the slopes of the input.
    void backward() {
        Products.multiply(slopes.tensor(), group.backward(), inputSlopes.tensor());
        Products.multiply(slopesSwapped, input.wideOperand(), weightSlopes.tensor());
        collect(desk, group, weightSlopes);
    }

    /// A row of the slopes of what the input took, for [NormedInput#back].
    void readInputSlope(int row, float[] into) {
        inputSlopes.readRow(row, into);
    }

    /// Adds the slopes of a group's matrices to the gradients.
    static void collect(Desk desk, LinearGroup group, Block weightSlopes) {
        MemorySegment memory = desk.gradients.memory();
        int columns = group.columns();
        float[] slope = new float[columns];
        float[] sum = new float[columns];
        int row = 0;
        for (int part = 0; part < group.partRows().length; part++) {
            float factor = 1 / group.scales()[part];
            for (int end = row + group.partRows()[part]; row < end; row++) {
                long place = (group.offset() + (long) row * columns) * Float.BYTES;
                weightSlopes.readRow(row, slope);
                MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, place, sum, 0, columns);
                Rows.add(slope, factor, sum, columns);
                MemorySegment.copy(sum, 0, memory, ValueLayout.JAVA_FLOAT, place, columns);
            }
        }
    }
}
