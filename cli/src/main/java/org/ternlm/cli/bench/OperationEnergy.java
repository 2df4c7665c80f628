package org.ternlm.cli.bench;

import org.ternlm.model.ModelConfig;
import org.ternlm.model.MultiplyAccumulates;

/// The energy of arithmetic alone as the papers count it: a figure for each operation, times the operations. It leaves
/// out the memory, which takes most in practice, and is not measured here.
///
/// Picojoules at 7 nm: float16 addition 0.16 and multiplication 0.34, int8 addition 0.007 (Wang et al., "BitNet",
/// arXiv 2310.11453, table 2).
///
/// @param ternaryJoules of the linear layers for one token, if each weight is an addition of int8
/// @param halfJoules of the same, if each is a multiplication and an addition of float16
record OperationEnergy(double ternaryJoules, double halfJoules) {
    private static final double INT8_ADD = 0.007e-12;
    private static final double HALF_ADD = 0.16e-12;
    private static final double HALF_MULTIPLY = 0.34e-12;

    static OperationEnergy of(ModelConfig config) {
        long products = MultiplyAccumulates.of(config, 0).linear();
        return new OperationEnergy(products * INT8_ADD, products * (HALF_ADD + HALF_MULTIPLY));
    }
}
