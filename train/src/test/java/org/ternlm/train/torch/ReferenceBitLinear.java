package org.ternlm.train.torch;

import java.util.Arrays;
import org.ternlm.model.LinearKind;
import org.ternlm.quant.AbsMax;
import org.ternlm.quant.AbsMean;
import org.ternlm.quant.SignMean;
import org.ternlm.quant.TernaryMatrix;

/// BitLinear with its straight-through estimator on a [Tape]. What is rounded to which integer is decided by the
/// classes of `quant`, in float; all else is in double.
///
/// ```
/// y = (q · tritᵀ) · weightScale / multiplier
/// dx = dy · (trit · weightScale)        dW = dyᵀ · (q / multiplier)
/// ```
///
/// Float and double differ in the seventh digit, so an activation that lies that close to a tie may become one integer
/// here and its neighbour there, after which nothing can be compared. [#margin] tells how close it came.
final class ReferenceBitLinear {
    private final Tape tape;
    private final boolean rounding;
    private double margin = 0.5;

    /// Without `rounding` nothing is rounded, and what remains is a plain linear layer whose derivative can be checked.
    ReferenceBitLinear(Tape tape, boolean rounding) {
        this.tape = tape;
        this.rounding = rounding;
    }

    /// The smallest distance so far of a scaled activation to where its rounding would change.
    double margin() {
        return margin;
    }

    /// A linear layer of that kind.
    Matrix apply(LinearKind kind, Matrix x, Matrix weight) {
        if (!kind.isTernary()) {
            return tape.linear(x, weight);
        }
        double scale = kind == LinearKind.MASTER_SIGN
                ? SignMean.weightScale(weight.floats())
                : AbsMean.weightScale(weight.floats());
        double[] trits = trits(kind, weight, scale);
        double[] multipliers = new double[x.rows()];
        double[] q = quantize(x, multipliers);
        Matrix y = new Matrix(x.rows(), weight.rows());
        for (int t = 0; t < x.rows(); t++) {
            for (int row = 0; row < weight.rows(); row++) {
                double sum = 0;
                for (int i = 0; i < x.columns(); i++) {
                    sum += q[t * x.columns() + i] * trits[row * x.columns() + i];
                }
                y.values()[t * y.columns() + row] = sum * scale / multipliers[t];
            }
        }
        tape.onBackward(() -> back(x, weight, y, q, trits, multipliers, scale));
        return y;
    }

    private static void back(Matrix x, Matrix weight, Matrix y, double[] q, double[] trits, double[] multipliers,
            double scale) {
        int columns = x.columns();
        for (int t = 0; t < x.rows(); t++) {
            for (int row = 0; row < weight.rows(); row++) {
                double slope = y.gradient()[t * y.columns() + row];
                for (int i = 0; i < columns; i++) {
                    x.addGradient(t, i, slope * trits[row * columns + i] * scale);
                    weight.addGradient(row, i, slope * q[t * columns + i] / multipliers[t]);
                }
            }
        }
    }

    private double[] trits(LinearKind kind, Matrix weight, double scale) {
        if (!rounding) {
            return Arrays.stream(weight.values()).map(w -> w / scale).toArray();
        }
        TernaryMatrix matrix = kind == LinearKind.MASTER_SIGN
                ? SignMean.binarize(weight.floats(), weight.rows(), weight.columns())
                : AbsMean.ternarize(weight.floats(), weight.rows(), weight.columns());
        double[] trits = new double[weight.values().length];
        Arrays.setAll(trits, i -> matrix.trits()[i]);
        return trits;
    }

    private double[] quantize(Matrix x, double[] multipliers) {
        int columns = x.columns();
        float[] floats = x.floats();
        byte[] rounded = new byte[floats.length];
        double[] q = new double[floats.length];
        for (int t = 0; t < x.rows(); t++) {
            multipliers[t] = AbsMax.quantize(floats, t * columns, columns, rounded, t * columns);
            for (int i = t * columns; i < (t + 1) * columns; i++) {
                double scaled = x.values()[i] * multipliers[t];
                margin = Math.min(margin, Math.abs(scaled - Math.floor(scaled) - 0.5));
                q[i] = rounding ? rounded[i] : scaled;
            }
        }
        return q;
    }
}
