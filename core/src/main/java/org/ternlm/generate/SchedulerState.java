package org.ternlm.generate;

/// What a [Scheduler] is doing, and has done since it was made.
///
/// @param running sequences that are computed now
/// @param waiting requests that wait for their turn
/// @param cacheBytes memory that keys and values hold now, those that are kept included; what several share counts once
/// @param passes passes over the weights so far
/// @param promptTokens tokens of prompts so far, those that were reused included
/// @param reusedTokens tokens of prompts whose keys and values were there already
/// @param generatedTokens tokens generated so far
public record SchedulerState(int running, int waiting, long cacheBytes, long passes, long promptTokens,
        long reusedTokens, long generatedTokens) {

    SchedulerState withWaiting(int count) {
        return new SchedulerState(running, count, cacheBytes, passes, promptTokens, reusedTokens, generatedTokens);
    }
}
