package org.ternlm.model;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntUnaryOperator;
import org.ternlm.kernel.AttentionKernel;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvBlock;
import org.ternlm.model.AttentionDesk.Tile;

/// Causal attention over the cache, with grouped queries: query head h reads key-value head h · keyValueHeads / heads.
///
/// ```
/// out = Σ over p ≤ position of softmax(query · key[p] / √headSize) · value[p]
/// ```
///
/// [AttentionKernel] says in which order. Threads share heads and tiles of rows of one sequence; where these are few,
/// spans of positions, whose results are then put together in their order.
final class Attention {
    /// Rows that pass a block of keys together.
    private static final int TILE_ROWS = 16;
    /// Tiles that a thread should have, so that none waits long for another.
    private static final int TILES_PER_THREAD = 8;
    /// What a product costs here, in elementary steps of [org.ternlm.kernel.Workers].
    private static final int STEPS = 8;

    private final ModelConfig config;
    private final Kernels kernels;
    private final ThreadLocal<AttentionDesk> desks;
    private Tile[] tiles = new Tile[0];
    private float[] results = new float[0];

    Attention(ModelConfig config, Kernels kernels) {
        this.config = config;
        this.kernels = kernels;
        int most = TILE_ROWS * (config.heads() / config.keyValueHeads());
        desks = ThreadLocal.withInitial(() -> new AttentionDesk(config.headSize(), most));
    }

    /// Computes `out`, `[rows, querySize]`; the cache holds the rows' own keys and values already.
    void apply(int layer, float[] query, float[] out, int rows, IntFunction<KvCache> cache,
            IntUnaryOperator position) {
        int wanted = kernels.workers().parallelism() * TILES_PER_THREAD;
        int tileRows = Math.clamp(rows * config.keyValueHeads() / wanted, 1, TILE_ROWS);
        int count = 0;
        long visits = 0;
        int spans = 0;
        for (int from = 0; from < rows;) {
            int end = from + 1;
            while (end < rows && end - from < tileRows && cache.apply(end) == cache.apply(from)) {
                end++;
            }
            count = addTiles(count, layer, query, from, end - from, cache.apply(from), position.applyAsInt(from));
            visits += (long) (end - from) * Math.ceilDiv(position.applyAsInt(end - 1) + 1, KvBlock.POSITIONS)
                    * KvBlock.POSITIONS;
            spans = Math.max(spans, tiles[count - 1].spans());
            from = end;
        }
        long steps = STEPS * visits * config.querySize();
        if (count < wanted && tileRows == 1 && spans > 1 && kernels.workers().parallelism() > 1) {
            shareSpans(count, spans, steps, out);
        } else {
            AttentionKernel kernel = kernels.floats().attention();
            kernels.workers().share(count, 1, steps / count, (from, to) -> {
                for (int i = from; i < to; i++) {
                    desks.get().attend(tiles[i], kernel, out);
                }
            });
        }
    }

    /// A tile for each head of keys and values; returns how many there are now.
    private int addTiles(int count, int layer, float[] query, int row, int rows, KvCache cache, int position) {
        int group = config.heads() / config.keyValueHeads();
        if (tiles.length < count + config.keyValueHeads()) {
            tiles = Arrays.copyOf(tiles, 2 * count + config.keyValueHeads());
        }
        int next = count;
        for (int head = 0; head < config.keyValueHeads(); head++) {
            int start = row * config.querySize() + head * group * config.headSize();
            tiles[next++] = new Tile(cache, layer, head, position, rows, group, query, start, config.querySize());
        }
        return next;
    }

    private void shareSpans(int count, int spans, long steps, float[] out) {
        int size = config.heads() / config.keyValueHeads() * AttentionDesk.resultSize(config.headSize());
        int needed = Math.multiplyExact(Math.multiplyExact(count, spans), size);
        if (results.length < needed) {
            results = new float[needed];
        }
        AttentionKernel kernel = kernels.floats().attention();
        int items = count * spans;
        kernels.workers().share(items, 1, steps / items, (from, to) -> {
            for (int i = from; i < to; i++) {
                if (i % spans < tiles[i / spans].spans()) {
                    desks.get().pass(tiles[i / spans], i % spans, kernel, results, i * size);
                }
            }
        });
        AttentionDesk desk = desks.get();
        for (int i = 0; i < count; i++) {
            desk.begin(tiles[i], out);
            for (int span = 0; span < tiles[i].spans(); span++) {
                desk.merge(tiles[i], span, results, (i * spans + span) * size, out);
            }
            desk.finish(tiles[i], out);
        }
    }
}
