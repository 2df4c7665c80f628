package org.ternlm.generate;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Sequences that have ended, whose keys and values may begin another one. Not thread-safe.
final class KeptPrefixes {
    /// The least recently used first.
    private final List<PassedTokens> kept = new ArrayList<>();

    /// The one that has most of the first `limit` tokens of `prompt` in common with it; null if none has any.
    @Nullable
    PassedTokens longest(int[] prompt, int limit) {
        PassedTokens best = null;
        int most = 0;
        for (PassedTokens each : kept) {
            int common = each.commonStart(prompt, limit);
            if (common > most) {
                best = each;
                most = common;
            }
        }
        return best;
    }

    /// That one was used just now.
    void touch(PassedTokens used) {
        if (kept.remove(used)) {
            kept.add(used);
        }
    }

    /// Keeps a sequence, unless all of it is there already. Those that it covers are let go.
    void add(PassedTokens ended) {
        ended.cache().keep();
        if (ended.length() == 0) {
            ended.cache().release();
            return;
        }
        for (PassedTokens each : kept) {
            if (each.covers(ended)) {
                ended.cache().release();
                touch(each);
                return;
            }
        }
        kept.removeIf(each -> {
            boolean covered = ended.covers(each);
            if (covered) {
                each.cache().release();
            }
            return covered;
        });
        kept.add(ended);
    }

    /// Lets go of the least recently used; false if there is none.
    boolean evictOldest() {
        if (kept.isEmpty()) {
            return false;
        }
        kept.removeFirst().cache().release();
        return true;
    }
}
