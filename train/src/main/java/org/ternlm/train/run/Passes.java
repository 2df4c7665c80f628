package org.ternlm.train.run;

import org.bytedeco.pytorch.global.torch;
import org.ternlm.command.CommandException;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.config.Compute;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.fused.FusedPass;
import org.ternlm.train.fused.PassMode;
import org.ternlm.train.torch.GradientPass;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Precision;
import org.ternlm.train.torch.TracedPass;

/// Chooses how losses and gradients are computed.
///
/// @param compute what with
/// @param model the architecture
/// @param parameters its weights
/// @param kernels of this machine
record Passes(Compute compute, ModelConfig model, Parameters parameters, Kernels kernels) {

    /// @throws CommandException if there is no such device
    static void check(Compute compute) {
        if (compute.device() == Compute.Device.CUDA && !torch.cuda_is_available()) {
            throw new CommandException("compute.device: cuda: libtorch sees no GPU",
                    "it needs an NVIDIA driver and libtorch's GPU build, see docs/training.md; or take device: cpu");
        }
    }

    /// For steps.
    ///
    /// @param rows sequences at a time
    /// @param turning whether the weights are still turning ternary
    GradientPass training(Recipe recipe, int rows, boolean turning) {
        PassMode mode = compute.recompute() ? PassMode.RECOMPUTE : PassMode.KEEP;
        return compute.device() == Compute.Device.CUDA
                ? new TracedPass(model, parameters, recipe.precision(), "cuda")
                : fused(new FusedPass.Plan(recipe.precision(), mode, turning, rows, recipe.length()));
    }

    /// For losses, in float.
    GradientPass validation(int rows, int length) {
        return compute.device() == Compute.Device.CUDA
                ? new TracedPass(model, parameters, Precision.FLOAT32, "cuda")
                : fused(new FusedPass.Plan(Precision.FLOAT32, PassMode.FORWARD, false, rows, length));
    }

    private FusedPass fused(FusedPass.Plan plan) {
        return new FusedPass(model, parameters, plan, kernels.floats(), kernels.workers());
    }
}
