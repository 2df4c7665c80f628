package org.ternlm.model;

import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TernaryMatrix;

/// What a linear layer is made of, as a file says it and before any kernel's layout: y = W·x + b.
public sealed interface LinearWeights {

    /// `[rows]`, or empty where there is none.
    float[] bias();

    /// Weights in {-1, 0, +1}: inputs are rounded to int8, sums are exact.
    ///
    /// @param matrix the weights with their scales
    /// @param bias `[rows]`, or empty
    // The array is the loader's, handed on.
    @SuppressWarnings("ArrayRecordComponent")
    record Ternary(TernaryMatrix matrix, float[] bias) implements LinearWeights {}

    /// Real weights, and inputs as they are.
    ///
    /// @param numbers `[rows, columns]`
    /// @param bias `[rows]`, or empty
    @SuppressWarnings("ArrayRecordComponent")
    record Dense(DenseMatrix numbers, float[] bias) implements LinearWeights {}
}
