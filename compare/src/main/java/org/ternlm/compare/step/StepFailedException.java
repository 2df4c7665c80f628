package org.ternlm.compare.step;

/// A step cannot be done; the message says why in one line, mostly in the words of the program that failed.
final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailedException(String message) {
        super(message);
    }

    /// Whether a training ended because its loss left all bounds.
    boolean isDivergence() {
        return isDivergence(String.valueOf(getMessage()));
    }

    /// The same of a message that was kept.
    static boolean isDivergence(String why) {
        return why.contains("diverged");
    }
}
