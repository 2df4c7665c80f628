package org.ternlm.model;

import java.util.Arrays;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Exponential;
import org.ternlm.kernel.KvBlock;

/// One thread's buffers for attention, and what it does there: the queries of one tile that share a head of keys and
/// values pass one span of positions after the other.
///
/// A query is a row of the tile and one of the `group` heads that share the keys: number `row · group + i`. Each has a
/// result of a span: the mixture, the largest score and the sum of weights.
final class AttentionDesk {
    private static final int SPAN = AttentionKernel.SPAN;
    private static final int POSITIONS = KvBlock.POSITIONS;
    /// Behind the mixture: where the largest score and the sum of weights stand.
    private static final int LARGEST = 0;
    private static final int SUM = 1;
    private static final int EXTRA = 2;

    private final int headSize;
    private final float factor;
    private final float[] scores;
    private final float[] results;
    private final float[] states;
    private final int[] queryAt = new int[AttentionKernel.QUERIES];
    private final int[] scoresAt = new int[AttentionKernel.QUERIES];
    private final int[] mixedAt = new int[AttentionKernel.QUERIES];

    /// Some consecutive positions of one sequence, and the queries that share one head of keys and values.
    ///
    /// @param cache of the sequence, which holds the tile's own keys and values already
    /// @param layer whose keys and values
    /// @param head of keys and values
    /// @param position of the first row
    /// @param rows how many
    /// @param group query heads that share the head
    /// @param queries all queries; those of the tile begin at `queryStart`, rows at multiples of `rowStride` from there
    record Tile(KvCache cache, int layer, int head, int position, int rows, int group, float[] queries, int queryStart,
            int rowStride) {
        /// How many queries there are.
        int count() {
            return rows * group;
        }

        /// Spans that the last row sees.
        int spans() {
            return Math.ceilDiv(position + rows, SPAN);
        }

        /// The first query that sees a position.
        private int firstThatSees(int place) {
            return Math.max(0, place - position) * group;
        }

        /// How many of the positions from `start` on a query sees: 0 to `most`.
        private int visible(int query, int start, int most) {
            return Math.clamp(position + query / group + 1 - start, 0, most);
        }

        private int queryPlace(int query, int headSize) {
            return queryStart + query / group * rowStride + query % group * headSize;
        }
    }

    /// @param most queries of a tile
    AttentionDesk(int headSize, int most) {
        this.headSize = headSize;
        factor = (float) (1 / Math.sqrt(headSize));
        scores = new float[most * SPAN];
        results = new float[most * resultSize(headSize)];
        states = new float[most * EXTRA];
    }

    /// Floats of a query's result of one span.
    static int resultSize(int headSize) {
        return headSize + EXTRA;
    }

    /// Attention of a whole tile over all spans.
    ///
    /// @param out laid out as the queries are
    void attend(Tile tile, AttentionKernel kernel, float[] out) {
        begin(tile, out);
        for (int span = 0; span < tile.spans(); span++) {
            pass(tile, span, kernel, results, 0);
            merge(tile, span, results, 0, out);
        }
        finish(tile, out);
    }

    /// The results of one span for all queries that see it.
    ///
    /// @param results where they go, from `at` on, one query after the other
    void pass(Tile tile, int span, AttentionKernel kernel, float[] results, int at) {
        int start = span * SPAN;
        int end = Math.min(start + SPAN, tile.position + tile.rows);
        for (int place = start; place < end; place += POSITIONS) {
            score(tile, place, Math.min(POSITIONS, end - place), kernel);
        }
        for (int query = tile.firstThatSees(start); query < tile.count(); query++) {
            int result = at + query * resultSize(headSize);
            int visible = tile.visible(query, start, SPAN);
            float largest = kernel.largest(scores, query * SPAN, visible);
            Arrays.fill(results, result, result + headSize, 0);
            results[result + headSize + LARGEST] = largest;
            results[result + headSize + SUM] = kernel.weights(scores, query * SPAN, visible, largest);
        }
        for (int place = start; place < end; place += POSITIONS) {
            mix(tile, place, kernel, results, at);
        }
    }

    private void score(Tile tile, int place, int positions, AttentionKernel kernel) {
        KvBlock block = tile.cache.block(tile.layer, place / POSITIONS);
        for (int first = tile.firstThatSees(place); first < tile.count(); first += AttentionKernel.QUERIES) {
            int queries = Math.min(AttentionKernel.QUERIES, tile.count() - first);
            for (int q = 0; q < queries; q++) {
                queryAt[q] = tile.queryPlace(first + q, headSize);
                scoresAt[q] = (first + q) * SPAN + place % SPAN;
            }
            kernel.scores(block, tile.head, positions, tile.queries, queryAt, queries, factor, scores, scoresAt);
        }
    }

    /// The first of a few queries sees the fewest positions. What the others see beyond that they mix in alone.
    private void mix(Tile tile, int place, AttentionKernel kernel, float[] results, int at) {
        KvBlock block = tile.cache.block(tile.layer, place / POSITIONS);
        for (int first = tile.firstThatSees(place); first < tile.count(); first += AttentionKernel.QUERIES) {
            int queries = Math.min(AttentionKernel.QUERIES, tile.count() - first);
            int shared = tile.visible(first, place, POSITIONS);
            place(first, queries, place, at);
            kernel.mix(block, tile.head, 0, shared, scores, scoresAt, queries, results, mixedAt);
            for (int q = 1; q < queries; q++) {
                int visible = tile.visible(first + q, place, POSITIONS);
                if (visible > shared) {
                    place(first + q, 1, place, at);
                    kernel.mix(block, tile.head, shared, visible, scores, scoresAt, 1, results, mixedAt);
                }
            }
        }
    }

    private void place(int first, int queries, int place, int at) {
        for (int q = 0; q < queries; q++) {
            scoresAt[q] = (first + q) * SPAN + place % SPAN;
            mixedAt[q] = at + (first + q) * resultSize(headSize);
        }
    }

    /// Before the first span.
    void begin(Tile tile, float[] out) {
        for (int query = 0; query < tile.count(); query++) {
            int to = tile.queryPlace(query, headSize);
            Arrays.fill(out, to, to + headSize, 0);
            states[query * EXTRA + LARGEST] = Float.NEGATIVE_INFINITY;
            states[query * EXTRA + SUM] = 0;
        }
    }

    /// Adds the results of a span to those of the spans before it.
    void merge(Tile tile, int span, float[] results, int at, float[] out) {
        for (int query = tile.firstThatSees(span * SPAN); query < tile.count(); query++) {
            int from = at + query * resultSize(headSize);
            int to = tile.queryPlace(query, headSize);
            int state = query * EXTRA;
            float largest = results[from + headSize + LARGEST];
            float sum = results[from + headSize + SUM];
            float before = states[state + LARGEST];
            if (largest > before) {
                float shrunk = Exponential.of(before - largest);
                for (int i = 0; i < headSize; i++) {
                    out[to + i] = Math.fma(out[to + i], shrunk, results[from + i]);
                }
                states[state + LARGEST] = largest;
                states[state + SUM] = Math.fma(states[state + SUM], shrunk, sum);
            } else {
                float shrunk = Exponential.of(largest - before);
                for (int i = 0; i < headSize; i++) {
                    out[to + i] = Math.fma(results[from + i], shrunk, out[to + i]);
                }
                states[state + SUM] = Math.fma(sum, shrunk, states[state + SUM]);
            }
        }
    }

    /// After the last span.
    void finish(Tile tile, float[] out) {
        for (int query = 0; query < tile.count(); query++) {
            float inverse = 1 / states[query * EXTRA + SUM];
            int to = tile.queryPlace(query, headSize);
            for (int i = to; i < to + headSize; i++) {
                out[i] *= inverse;
            }
        }
    }
}
