package org.ternlm.train.data;

/// What one worker computes in one step: windows of `length` + 1 tokens. The inputs of a row are its tokens 0 to
/// `length` - 1, their targets the tokens 1 to `length`.
///
/// @param step the number of the step
/// @param rows how many windows; fewer than planned, perhaps none, only at the end of a single pass
/// @param length positions of a window
/// @param tokens rows × (`length` + 1) ids, row by row
/// @param targets for each row, how many targets count: those of the positions before; what comes later is padding
/// @param documentStarts for each row, the ascending places (0 to `length`) of tokens that start a document; a model may
/// reset attention and positions there. What precedes the first of them continues an earlier document
public record TokenBatch(long step, int rows, int length, int[] tokens, int[] targets, int[][] documentStarts) {

    /// The token at a place, 0 to `length`, of a row.
    public int token(int row, int place) {
        return tokens[row * (length + 1) + place];
    }

    /// How many targets count in all.
    public long targetCount() {
        long count = 0;
        for (int rowTargets : targets) {
            count += rowTargets;
        }
        return count;
    }
}
