package org.ternlm.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// A request that may succeed when it is made again.
final class TemporaryFailure extends IOException {
    private static final long serialVersionUID = 1L;
    private final transient Optional<Duration> retryAfter;

    TemporaryFailure(String message) {
        this(message, Optional.empty());
    }

    /// @param retryAfter how long the hub asks to be left alone
    TemporaryFailure(String message, Optional<Duration> retryAfter) {
        super(message);
        this.retryAfter = retryAfter;
    }

    /// How long the hub asks to be left alone.
    Optional<Duration> retryAfter() {
        return retryAfter;
    }
}
