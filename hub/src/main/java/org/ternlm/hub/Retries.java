package org.ternlm.hub;

import java.io.IOException;
import java.net.ConnectException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/// Counts the failures of one piece of work, waits between its attempts, and ends it when there were too many in a row.
/// Of one thread.
final class Retries {
    private final Patience patience;
    private final String what;
    private int failures;

    /// @param what the work, for messages: `model.safetensors`
    Retries(Patience patience, String what) {
        this.patience = patience;
        this.what = what;
    }

    /// A request, to be made until it succeeds.
    @FunctionalInterface
    interface Attempt<T> {
        T run() throws IOException, InterruptedException;
    }

    /// The first result of `attempt`.
    ///
    /// @throws HubException if there is none
    static <T> T until(Patience patience, String what, Attempt<T> attempt) throws InterruptedException {
        Retries retries = new Retries(patience, what);
        while (true) {
            try {
                return attempt.run();
            } catch (IOException problem) {
                retries.waitAfter(problem);
            }
        }
    }

    /// The last attempt brought something: failures are counted anew.
    void progressed() {
        failures = 0;
    }

    /// Waits until the next attempt makes sense.
    ///
    /// @throws HubException if none does
    void waitAfter(IOException problem) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        failures++;
        Optional<Duration> asked = problem instanceof TemporaryFailure failure
                ? failure.retryAfter()
                : Optional.empty();
        if (asked.isPresent() && asked.get().compareTo(patience.longestWait()) > 0) {
            throw new HubException(HubException.Kind.UNREACHABLE,
                    "%s: %s".formatted(what, reason(problem)),
                    "the hub asks to come back in %,d s; HF_TOKEN may have higher limits".formatted(
                            asked.get().toSeconds()),
                    problem);
        }
        if (failures >= patience.attempts() || problem instanceof SSLHandshakeException) {
            throw new HubException(HubException.Kind.UNREACHABLE, "%s: %s".formatted(what, reason(problem)),
                    hint(problem), problem);
        }
        Thread.sleep(asked.orElseGet(this::pause));
    }

    private String hint(IOException problem) {
        return "tried %s; %s".formatted(failures == 1 ? "once" : failures + " times",
                problem instanceof ConnectException
                        ? "check the network, HF_ENDPOINT, or -Dhttps.proxyHost in TERN_JAVA_OPTS"
                        : "what arrived is kept");
    }

    private Duration pause() {
        Duration doubled = patience.firstWait().multipliedBy(1L << Math.min(20, failures - 1));
        return doubled.compareTo(patience.longestWait()) < 0 ? doubled : patience.longestWait();
    }

    /// Exceptions of the network often have no message, or one without a verb.
    private static String reason(IOException problem) {
        String message = problem.getMessage();
        return switch (problem) {
            case TemporaryFailure failure -> String.valueOf(message);
            case ConnectException refused -> "cannot connect" + (message == null ? "" : ": " + message);
            default -> "the connection failed: " + (message == null ? problem.getClass().getSimpleName() : message);
        };
    }
}
