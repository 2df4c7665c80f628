package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;

import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.model.LinearKind;

/// Native memory does not grow with the number of steps.
class MemoryTest {
    /// Less than one float tensor of activations a step would add up to: 200 · 256 tokens · 96 features.
    private static final long SLACK = 16L << 20;

    @Test
    void twoHundredStepsLeaveNothingBehind() {
        checkFlat(LinearKind.MASTER_TERNARY, 200);
    }

    @ParameterizedTest
    @Tag("soak")
    @CsvSource({"MASTER_TERNARY, 3000", "MASTER_SIGN, 600", "DENSE, 600"})
    void thousandsOfStepsLeaveNothingBehind(LinearKind kind, int steps) {
        checkFlat(kind, steps);
    }

    private static void checkFlat(LinearKind kind, int steps) {
        try (Trainer trainer = new Trainer(Variant.of(kind).small(), Precision.BFLOAT16, 61)) {
            for (int i = 0; i < 20; i++) {
                trainer.step();
            }
            long objects = Pointer.totalCount();
            long bytes = Pointer.physicalBytes();
            for (int i = 0; i < steps; i++) {
                trainer.step();
            }
            // Objects are counted exactly; the collector may free some meanwhile that other tests left.
            assertThat(Pointer.totalCount()).as("native objects").isLessThanOrEqualTo(objects);
            assertThat(Pointer.physicalBytes()).as("resident bytes").isLessThan(bytes + SLACK);
        }
    }
}
