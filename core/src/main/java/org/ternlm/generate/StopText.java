package org.ternlm.generate;

import java.util.List;

/// Watches a stream of text for stop strings. Text that could be the start of one is held back until it is decided.
/// Not thread-safe.
final class StopText {
    private final List<String> stopStrings;
    private final StringBuilder pending = new StringBuilder();
    private boolean found;

    StopText(List<String> stopStrings) {
        this.stopStrings = stopStrings;
    }

    /// Adds `text` and returns what is now certain to come before any stop string.
    String accept(String text) {
        if (found) {
            return "";
        }
        pending.append(text);
        int stop = earliestStop();
        if (stop >= 0) {
            found = true;
            pending.setLength(stop);
            return release(stop);
        }
        return release(pending.length() - longestStart());
    }

    /// Whether a stop string has come.
    boolean found() {
        return found;
    }

    /// What was held back, when no more text comes.
    String finish() {
        return release(pending.length());
    }

    private String release(int length) {
        String certain = pending.substring(0, length);
        pending.delete(0, length);
        return certain;
    }

    private int earliestStop() {
        int earliest = -1;
        for (String stop : stopStrings) {
            int at = pending.indexOf(stop);
            if (at >= 0 && (earliest < 0 || at < earliest)) {
                earliest = at;
            }
        }
        return earliest;
    }

    /// The length of the longest end of the pending text that is the start of a stop string.
    private int longestStart() {
        int longest = 0;
        for (String stop : stopStrings) {
            for (int length = Math.min(stop.length() - 1, pending.length()); length > longest; length--) {
                if (stop.startsWith(pending.substring(pending.length() - length))) {
                    longest = length;
                }
            }
        }
        return longest;
    }
}
