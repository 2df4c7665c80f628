package org.ternlm.generate;

import org.ternlm.kernel.KvForm;

/// What a [Scheduler] may use.
///
/// @param contextLength most tokens of a sequence, prompt included
/// @param sequences most sequences at once
/// @param queue most requests that wait for their turn; one more is refused
/// @param cacheBytes most memory for keys and values of all sequences, those kept for their prefixes included
/// @param form what keys and values are stored as
public record SchedulerOptions(int contextLength, int sequences, int queue, long cacheBytes, KvForm form) {
    public SchedulerOptions {
        require(contextLength >= 1, "context", "at least 1", contextLength);
        require(sequences >= 1 && sequences <= 1024, "sequences", "1 to 1024", sequences);
        require(queue >= 0, "queue", "0 or more", queue);
        require(cacheBytes >= 1, "cache bytes", "at least 1", cacheBytes);
    }

    private static void require(boolean sound, String name, String expected, Number found) {
        if (!sound) {
            throw new IllegalArgumentException("%s: expected %s, found %s".formatted(name, expected, found));
        }
    }
}
