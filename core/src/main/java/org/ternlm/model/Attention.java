package org.ternlm.model;

import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.ternlm.kernel.Kernels;

/// Causal attention over the cache, with grouped queries: query head h reads key-value head h · keyValueHeads / heads.
///
/// ```
/// out = Σ over p ≤ position of softmax(query · key[p] / √headSize) · value[p]
/// ```
final class Attention {
    private final ModelConfig config;
    private final Kernels kernels;
    Attention(ModelConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
    }

    /// Computes `out`, `[rows, querySize]`; the cache holds the rows' own keys and values already.
    void apply(int layer, float[] query, float[] out, int rows, IntFunction<KvCache> cache,
            IntUnaryOperator position) {
        int heads = config.heads();
        int longest = 0;
        long visits = 0;
        for (int r = 0; r < rows; r++) {
            longest = Math.max(longest, position.applyAsInt(r) + 1);
            visits += position.applyAsInt(r) + 1;
        }
        int mostPositions = longest;
        kernels.workers().share(rows * heads, 1, 2 * visits * config.headSize() / rows, (from, to) -> {
            float[] buffer = new float[mostPositions];
            for (int i = from; i < to; i++) {
                int row = i / heads;
                head(layer, query, out, row, i % heads, cache.apply(row), position.applyAsInt(row) + 1, buffer);
            }
        });
    }

    private void head(int layer, float[] query, float[] out, int row, int head, KvCache cache, int length,
            float[] scores) {
        int headSize = config.headSize();
        int width = config.keyValueSize();
        int queryStart = row * config.querySize() + head * headSize;
        int keyStart = head / (config.heads() / config.keyValueHeads()) * headSize;
        float[] keys = cache.keys(layer);
        float[] values = cache.values(layer);
        float scale = (float) (1 / Math.sqrt(headSize));
        kernels.floats().dots(query, queryStart, keys, keyStart, width, length, headSize, scale, scores);
        kernels.floats().softmax(scores, 0, length);
        kernels.floats().weightedSum(scores, values, keyStart, width, length, headSize, out, queryStart);
    }
}
