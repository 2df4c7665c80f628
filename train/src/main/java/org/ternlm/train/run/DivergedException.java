package org.ternlm.train.run;

/// The loss has left all bounds; going on would not bring it back.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    DivergedException(long step, double loss, double lowest) {
        super("training diverged at step %d: loss %.3f, the lowest was %.3f".formatted(step, loss, lowest));
    }
}
