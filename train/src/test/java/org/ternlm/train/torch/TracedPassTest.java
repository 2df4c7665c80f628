package org.ternlm.train.torch;

/// libtorch's own differentiation.
class TracedPassTest extends GradientPassContract {
    @Override
    GradientPass pass(Example example, Parameters parameters, Precision precision, int sequences, int length,
            boolean turning) {
        return new TracedPass(example.config(), parameters, precision, "cpu");
    }
}
