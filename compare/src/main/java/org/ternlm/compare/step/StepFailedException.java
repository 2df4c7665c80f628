package org.ternlm.compare.step;

/// A step cannot be done; the message says why in one line, mostly in the words of the program that failed.
final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    StepFailedException(String message) {
        super(message);
    }
}
