package org.ternlm.cli.doctor;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;

/// Which kernels compute here, and why not better ones.
///
/// @param selection how they were chosen
/// @param kernels the chosen ones
record KernelExamination(KernelSelection selection, Kernels kernels) implements Examination {
    /// For kernels to be compiled, and a library to be compared with them.
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Override
    public String title() {
        return "kernels";
    }

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.fine("chosen", selection.provider()));
        if (selection.vectorBits() > 0) {
            findings.add(Finding.measured("vector width", selection.vectorBits() + " bits", selection.vectorBits()));
        }
        findings.add(Finding.fine("ternary", "%s, weights as %s".formatted(kernels.ternary().name(),
                kernels.ternary().packing().name())));
        findings.add(Finding.fine("dense", kernels.dense().name()));
        findings.add(Finding.fine("float", kernels.floats().name()));
        findings.add(manyTokens());
        int threads = kernels.workers().parallelism();
        findings.add(Finding.measured("threads", Integer.toString(threads), threads));
        for (KernelSelection.Refusal refusal : selection.refusals()) {
            findings.add(new Finding("not " + refusal.provider(), "refused", refusal.reason()));
        }
        return List.copyOf(findings);
    }

    private Finding manyTokens() {
        return !kernels.manyTokens().isToCome() || kernels.settle(PATIENCE)
                ? Finding.fine("many tokens", kernels.manyTokens().state())
                : new Finding("many tokens", kernels.manyTokens().state(), "not decided yet");
    }
}
