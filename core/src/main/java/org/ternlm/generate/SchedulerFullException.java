package org.ternlm.generate;

/// A [Scheduler] has no room for a request now; later it may.
public final class SchedulerFullException extends RuntimeException {
    private static final long serialVersionUID = 1;

    SchedulerFullException(String message) {
        super(message);
    }
}
