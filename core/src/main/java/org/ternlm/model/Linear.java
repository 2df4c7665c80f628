package org.ternlm.model;

import org.ternlm.kernel.Kernels;

/// A linear layer, y = W·x + b. What W is made of is the difference between the models that Tern compares.
sealed interface Linear permits BitLinear, DenseLinear, IntegerLinear {
    /// Output features.
    int rows();

    /// Input features.
    int columns();

    /// Bytes of weights that one application reads.
    long byteSize();

    /// Computes `y`, `[tokens, rows]`, from all tokens of `input`.
    void apply(LinearInput input, float[] y, Kernels kernels);

    /// Adds the bias to every token; an empty one is none.
    static void addBias(float[] bias, float[] y, int tokens, int rows) {
        if (bias.length > 0) {
            for (int token = 0; token < tokens; token++) {
                for (int row = 0; row < rows; row++) {
                    y[token * rows + row] += bias[row];
                }
            }
        }
    }
}
