package org.ternlm.hub;

import java.time.Duration;

/// How long is waited for a hub.
///
/// @param attempts how often a request is made that brings nothing; at least 1
/// @param firstWait before the second attempt; twice as long before each further one
/// @param longestWait between two attempts; a hub that asks for more is not waited for
/// @param stall how long an answer, or the next bytes of one, may take
record Patience(int attempts, Duration firstWait, Duration longestWait, Duration stall) {
    /// Waits 31 seconds in all for a hub that does not work.
    static final Patience USUAL = new Patience(6, Duration.ofSeconds(1), Duration.ofSeconds(60),
            Duration.ofSeconds(30));

    /// The same with fewer attempts.
    Patience atMost(int fewer) {
        return new Patience(Math.min(attempts, fewer), firstWait, longestWait, stall);
    }
}
