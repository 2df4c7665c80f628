package org.ternlm.model;

import java.util.function.IntConsumer;
import org.ternlm.kernel.Kernels;

/// What is done to each row of floats by itself, so that threads can share the rows where there are many.
enum RowWise {
    /// Adding to the residual.
    ADD(8),
    /// Root mean square norms.
    NORM(16),
    /// Rounding to int8.
    ROUND(32),
    /// Gates of feed-forward layers.
    GATE(32);

    /// What an element costs, in steps of [org.ternlm.kernel.Workers].
    private final int steps;

    RowWise(int steps) {
        this.steps = steps;
    }

    /// Runs `row` for each of `rows` rows of `width` elements.
    void share(Kernels kernels, int rows, int width, IntConsumer row) {
        kernels.workers().share(rows, 1, (long) steps * width, (from, to) -> {
            for (int i = from; i < to; i++) {
                row.accept(i);
            }
        });
    }
}
