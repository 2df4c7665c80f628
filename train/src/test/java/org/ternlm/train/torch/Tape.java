package org.ternlm.train.torch;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.function.DoubleUnaryOperator;

/// The reference of training: every operation of the network in double, in plain loops, with its derivative written out
/// by hand, and a record of what was done so that it can be walked backwards.
///
/// It shares nothing with libtorch or with the kernels of the runtime. Slow.
final class Tape {
    private final Deque<Runnable> done = new ArrayDeque<>();

    /// Notes how gradients pass back through an operation.
    void onBackward(Runnable step) {
        done.push(step);
    }

    /// Walks back, from gradients that the caller has put into the last results.
    void backward() {
        while (!done.isEmpty()) {
            done.pop().run();
        }
    }

    Matrix add(Matrix a, Matrix b) {
        Matrix y = new Matrix(a.rows(), a.columns());
        Arrays.setAll(y.values(), i -> a.values()[i] + b.values()[i]);
        onBackward(() -> {
            for (int i = 0; i < y.values().length; i++) {
                a.gradient()[i] += y.gradient()[i];
                b.gradient()[i] += y.gradient()[i];
            }
        });
        return y;
    }

    /// Element by element.
    Matrix multiply(Matrix a, Matrix b) {
        Matrix y = new Matrix(a.rows(), a.columns());
        Arrays.setAll(y.values(), i -> a.values()[i] * b.values()[i]);
        onBackward(() -> {
            for (int i = 0; i < y.values().length; i++) {
                a.gradient()[i] += y.gradient()[i] * b.values()[i];
                b.gradient()[i] += y.gradient()[i] * a.values()[i];
            }
        });
        return y;
    }

    /// x / (1 + e^-x)
    Matrix silu(Matrix x) {
        return each(x, z -> z / (1 + Math.exp(-z)), z -> {
            double sigmoid = 1 / (1 + Math.exp(-z));
            return sigmoid * (1 + z * (1 - sigmoid));
        });
    }

    /// max(x, 0)²
    Matrix reluSquared(Matrix x) {
        return each(x, z -> z > 0 ? z * z : 0, z -> z > 0 ? 2 * z : 0);
    }

    private Matrix each(Matrix x, DoubleUnaryOperator function, DoubleUnaryOperator derivative) {
        Matrix y = new Matrix(x.rows(), x.columns());
        Arrays.setAll(y.values(), i -> function.applyAsDouble(x.values()[i]));
        onBackward(() -> {
            for (int i = 0; i < y.values().length; i++) {
                x.gradient()[i] += y.gradient()[i] * derivative.applyAsDouble(x.values()[i]);
            }
        });
        return y;
    }

    /// Row `ids[t]` of the table for every token t.
    Matrix embedding(Matrix table, int[] ids) {
        Matrix y = new Matrix(ids.length, table.columns());
        for (int t = 0; t < ids.length; t++) {
            System.arraycopy(table.values(), ids[t] * table.columns(), y.values(), t * y.columns(), y.columns());
        }
        onBackward(() -> {
            for (int t = 0; t < ids.length; t++) {
                for (int i = 0; i < y.columns(); i++) {
                    table.addGradient(ids[t], i, y.gradient()[t * y.columns() + i]);
                }
            }
        });
        return y;
    }

    /// x · Wᵀ
    Matrix linear(Matrix x, Matrix weight) {
        Matrix y = new Matrix(x.rows(), weight.rows());
        for (int t = 0; t < x.rows(); t++) {
            for (int row = 0; row < weight.rows(); row++) {
                double sum = 0;
                for (int i = 0; i < x.columns(); i++) {
                    sum += x.at(t, i) * weight.at(row, i);
                }
                y.values()[t * y.columns() + row] = sum;
            }
        }
        onBackward(() -> {
            for (int t = 0; t < x.rows(); t++) {
                for (int row = 0; row < weight.rows(); row++) {
                    double slope = y.gradient()[t * y.columns() + row];
                    for (int i = 0; i < x.columns(); i++) {
                        x.addGradient(t, i, slope * weight.at(row, i));
                        weight.addGradient(row, i, slope * x.at(t, i));
                    }
                }
            }
        });
        return y;
    }

    /// RMSNorm: x / √(mean x² + ε) · gain, row by row. With r = 1/√(mean x² + ε) and h = dy·gain:
    /// dx = r·h - r³·x·Σ(h·x)/n.
    Matrix norm(Matrix x, Matrix gain, double epsilon) {
        int width = x.columns();
        Matrix y = new Matrix(x.rows(), width);
        double[] inverses = new double[x.rows()];
        for (int t = 0; t < x.rows(); t++) {
            double squares = 0;
            for (int i = 0; i < width; i++) {
                squares += x.at(t, i) * x.at(t, i);
            }
            inverses[t] = 1 / Math.sqrt(squares / width + epsilon);
            for (int i = 0; i < width; i++) {
                y.values()[t * width + i] = x.at(t, i) * inverses[t] * gain.at(0, i);
            }
        }
        onBackward(() -> {
            for (int t = 0; t < x.rows(); t++) {
                double r = inverses[t];
                double product = 0;
                for (int i = 0; i < width; i++) {
                    double slope = y.gradient()[t * width + i];
                    product += slope * gain.at(0, i) * x.at(t, i);
                    gain.addGradient(0, i, slope * x.at(t, i) * r);
                }
                for (int i = 0; i < width; i++) {
                    double slope = y.gradient()[t * width + i] * gain.at(0, i);
                    x.addGradient(t, i, r * slope - r * r * r * x.at(t, i) * product / width);
                }
            }
        });
        return y;
    }

    /// The mean over all tokens of -log softmax(logits)[target]. Its gradient is put into the logits at once, so that
    /// [#backward] can follow.
    double crossEntropy(Matrix logits, int[] targets) {
        double loss = 0;
        for (int t = 0; t < logits.rows(); t++) {
            double largest = Double.NEGATIVE_INFINITY;
            for (int i = 0; i < logits.columns(); i++) {
                largest = Math.max(largest, logits.at(t, i));
            }
            double sum = 0;
            for (int i = 0; i < logits.columns(); i++) {
                sum += Math.exp(logits.at(t, i) - largest);
            }
            double logSum = largest + Math.log(sum);
            loss += logSum - logits.at(t, targets[t]);
            for (int i = 0; i < logits.columns(); i++) {
                double share = Math.exp(logits.at(t, i) - logSum) - (i == targets[t] ? 1 : 0);
                logits.addGradient(t, i, share / logits.rows());
            }
        }
        return loss / logits.rows();
    }
}
