package org.ternlm.train.run;

import java.util.Optional;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.Start;
import org.ternlm.train.torch.GradientPass;
import org.ternlm.train.torch.Sequences;
import org.ternlm.train.torch.TritCount;
import org.ternlm.train.torch.WeightBlock;

/// The gradients of whole batches, part by part, with weights as ternary as they are to be at a step.
final class StepGradients implements AutoCloseable {
    private final Passes passes;
    private final Recipe recipe;
    private final Optional<Start> start;
    private final int rows;
    private GradientPass pass;
    private boolean turning;

    /// @param rows sequences at a time
    StepGradients(Passes passes, Recipe recipe, Optional<Start> start, int rows, long step) {
        this.passes = passes;
        this.recipe = recipe;
        this.start = start;
        this.rows = rows;
        turning = share(step) < 1;
        pass = passes.training(recipe, rows, turning);
    }

    private double share(long step) {
        return start.map(where -> where.share(step)).orElse(1.0);
    }

    /// Takes the weights as they are now, for a step counted from 0.
    void begin(long step) {
        double share = share(step);
        if (turning && share >= 1) {
            pass.close();
            turning = false;
            pass = passes.training(recipe, rows, false);
        }
        pass.begin(share);
    }

    /// Adds up the gradients of a batch; returns Σ loss.
    ///
    /// @param weight of each target
    double add(Sequences batch, double weight) {
        double sum = 0;
        for (int from = 0; from < batch.count(); from += rows) {
            sum += pass.lossAndGradients(batch.part(from, rows), weight);
        }
        return sum;
    }

    WeightBlock gradients() {
        return pass.gradients();
    }

    TritCount trits() {
        return pass.trits();
    }

    @Override
    public void close() {
        pass.close();
    }
}
