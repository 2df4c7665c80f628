package org.ternlm.train.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;

/// What goes into a [LinearGroup]: rows after their norm, if there is one, as int8 with one multiplier a row, or as they
/// are where the layer is dense.
final class NormedInput {
    private final Desk desk;
    private final LinearGroup group;
    private final @Nullable String gainName;
    private final float[] gain;
    private final float[] gainSlopes;
    private final float[] normed;
    private final byte[] bytes;
    private final float[] multipliers;
    private final Block operand;
    private final Block wideOperand;

    /// @param gainName of the norm's gain; null for no norm
    /// @param purpose distinguishes the memory of this input from that of others in the layer
    NormedInput(Desk desk, LinearGroup group, @Nullable String gainName, String purpose) {
        this.desk = desk;
        this.group = group;
        this.gainName = gainName;
        int columns = group.columns();
        gain = new float[gainName == null ? 0 : columns];
        gainSlopes = new float[gain.length];
        normed = new float[columns];
        bytes = new byte[columns];
        multipliers = new float[desk.tokens];
        operand = desk.kept(purpose, group.isInteger() ? Element.INT8 : desk.wide, desk.tokens, columns);
        boolean converted = group.isInteger() && desk.mode != PassMode.FORWARD;
        wideOperand = converted ? desk.passing("wide input", desk.wide, desk.tokens, columns) : operand;
    }

    /// Before the first row of a pass.
    void begin() {
        if (gainName != null) {
            MemorySegment.copy(desk.parameters.block().memory(), ValueLayout.JAVA_FLOAT,
                    desk.parameters.block().offset(gainName) * Float.BYTES, gain, 0, gain.length);
        }
    }

    /// Takes the next layer's input `x`, which is left as it is.
    void take(int row, float[] x) {
        float[] values = x;
        if (gainName != null) {
            desk.kernel.rmsNorm(x, 0, gain, desk.config.normEpsilon(), normed, 0, normed.length);
            values = normed;
        }
        if (!group.isQuantized()) {
            multipliers[row] = 1;
            operand.writeRow(row, values);
            return;
        }
        multipliers[row] = desk.kernel.quantize(values, 0, normed.length, bytes, 0);
        if (group.isInteger()) {
            operand.writeBytes(row, bytes);
            return;
        }
        for (int i = 0; i < normed.length; i++) {
            normed[i] = bytes[i];
        }
        operand.writeRow(row, normed);
    }

    /// Where the rows are.
    Block block() {
        return operand;
    }

    /// `[tokens, columns]`, for the forward product.
    Tensor operand() {
        return operand.tensor();
    }

    /// The same as floats, for the gradient of the weights.
    Tensor wideOperand() {
        if (group.isInteger()) {
            Products.convert(operand.tensor(), wideOperand.tensor());
        }
        return wideOperand.tensor();
    }

    /// What a row's integers are to be divided by.
    float multiplier(int row) {
        return multipliers[row];
    }

    /// Back: the slope of what a row became, in the integers' unit, turns into that of `x`.
    void back(int row, float[] x, float[] slope) {
        Rows.scale(slope, 0, normed.length, multipliers[row]);
        if (gainName != null) {
            Rows.normBackward(desk.kernel, x, gain, desk.config.normEpsilon(), gainSlopes, slope, normed.length,
                    desk.sum);
        }
    }

    /// After the last row of the way back.
    void end() {
        if (gainName == null) {
            return;
        }
        long at = desk.gradients.offset(gainName) * Float.BYTES;
        MemorySegment memory = desk.gradients.memory();
        for (int i = 0; i < gain.length; i++) {
            long place = at + (long) i * Float.BYTES;
            memory.set(ValueLayout.JAVA_FLOAT, place, memory.get(ValueLayout.JAVA_FLOAT, place) + gainSlopes[i]);
            gainSlopes[i] = 0;
        }
    }
}
