package org.ternlm.train.config;

import java.nio.file.Path;

/// Where a run begins that does not begin at random.
///
/// @param folder a Hugging Face folder with master or dense weights
/// @param turnSteps while a full-precision model turns ternary, the steps in which its weights go from what they are to
/// what they are rounded to: W + λ · (Q(W) - W), λ rising evenly from 0 to 1. 0: at once
/// @param addSubNorms whether sub-norms are added that the model does not have, with gains of 1
public record Start(Path folder, long turnSteps, boolean addSubNorms) {
    static Start read(Section section, Path base) {
        return new Start(base.resolve(section.text("folder")), section.whole("turn_steps", 0, 1_000_000_000, 0),
                section.flag("add_sub_norms", false));
    }

    /// λ of a step, counted from 0.
    public double share(long step) {
        return step >= turnSteps ? 1 : (double) step / turnSteps;
    }
}
