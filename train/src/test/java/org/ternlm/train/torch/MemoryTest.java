package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Optional;
import org.bytedeco.javacpp.Pointer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.model.LinearKind;

/// Native memory does not grow with the number of steps.
class MemoryTest {
    /// What the compiler of the JVM may take meanwhile. One float tensor of activations left behind in each of 200 steps
    /// would be 20 MB.
    private static final long SLACK = 8L << 20;

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
        Optional<NativeHeap> heap = NativeHeap.find();
        assumeTrue(heap.isPresent(), "the C library cannot tell what is allocated");
        try (Trainer trainer = new Trainer(Variant.of(kind).small(), Precision.BFLOAT16, 61, 1)) {
            // So many that the JVM has compiled what runs in every step.
            for (int i = 0; i < 60; i++) {
                trainer.step();
            }
            long objects = Pointer.totalCount();
            long bytes = heap.get().bytes();
            for (int i = 0; i < steps; i++) {
                trainer.step();
            }
            // Objects are counted exactly; the collector may free some meanwhile that other tests left.
            assertThat(Pointer.totalCount()).as("native objects").isLessThanOrEqualTo(objects);
            assertThat(heap.get().bytes()).as("allocated bytes").isLessThan(bytes + SLACK);
        }
    }
}
