package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Rounds real weights into an [IntegerMatrix], a block of rows at a time.
///
/// `INT8`: rowScale = max |w| / 127, q = round(w / rowScale).
///
/// `INT4` looks for the scale d of each 32 weights with the smallest error
///
/// ```
/// Σ over c of importance[c] · (w[c] - d · q[c])²          q[c] = clip(round(w[c] / d), -8, 7)
/// ```
///
/// With e the weight of the largest magnitude, e / -7.2, e / -8 and e / -8.8 are tried; the q that each gives has a best
/// d, Σ importance · w · q / Σ importance · q², and of these three the best is taken. (A few steps and least squares for
/// each are what k-quants of llama.cpp do, `make_qx_quants`; -8 reaches farther than 7, hence the sign.) The error of
/// normally distributed weights is 8.15 % of their size; with e / -8 alone, as Q4_0 has it, 8.58 %; with nineteen tries
/// 8.09 %. Then
///
/// ```
/// rowScale = max |d| / 127        factor = round(d / rowScale)        q once more with factor · rowScale
/// ```
///
/// Halves round to even.
///
/// The weights of a block are turned over first: those that stand at the same place of their groups lie side by side, a
/// lane for each row and group, in the order of the words to come.
///
/// Has buffers of its own: one thread at a time.
public final class IntegerRounding {
    private static final ValueLayout.OfInt WORD = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int ROWS = IntegerForm.BLOCK_ROWS;
    private static final int GROUP = IntegerForm.GROUP_COLUMNS;
    private static final float[] STEPS = {7.2f, 8, 8.8f};
    private static final float LOWEST = -8;
    private static final float HIGHEST = 7;
    private static final float BOUND = 127;
    /// Adding and subtracting it rounds what is smaller than 2²².
    private static final float ROUNDS = 0x1.8p23f;
    /// Smaller weights count as zeros, so that no inverse overflows.
    private static final float SMALLEST = 0x1p-110f;

    private final IntegerForm form;
    private final int columns;
    private final int lanes;
    private final int stride;
    private final float[] importance;
    private final float[] tile;
    private final float[] extremes;
    private final float[] inverses;
    private final float[] products;
    private final float[] squares;
    private final float[] steps;
    private final double[] explained;
    private final int[] words = new int[ROWS];

    /// @param importance `[columns]`, not negative: how much an error in a column weighs, its mean squared activation
    public IntegerRounding(IntegerForm form, float[] importance) {
        this.form = form;
        columns = importance.length;
        lanes = Math.ceilDiv(columns, GROUP) * ROWS;
        // One more, since many distances in powers of two would share the same few places in the cache.
        stride = lanes + ROWS;
        tile = new float[GROUP * stride];
        this.importance = new float[GROUP * stride];
        for (int c = 0; c < columns; c++) {
            Arrays.fill(this.importance, place(c), place(c) + ROWS, importance[c]);
        }
        extremes = new float[lanes];
        inverses = new float[lanes];
        products = new float[lanes];
        squares = new float[lanes];
        steps = new float[lanes];
        explained = new double[lanes];
    }

    /// Where the lanes of a column begin.
    private int place(int column) {
        return column % GROUP * stride + column / GROUP * ROWS;
    }

    /// Rounds the rows of a block into `data`, the memory of the whole matrix.
    ///
    /// @param weights `[rows, columns]`
    /// @param rows 1 to 16; less than 16 only in the last block
    /// @param rowScales of the whole matrix
    /// @throws IllegalArgumentException if a weight is not finite
    public void encode(float[] weights, int rows, int block, MemorySegment data, float[] rowScales) {
        turn(weights, rows);
        findExtremes();
        long at = block * form.blockBytes(columns);
        float[] scales = form == IntegerForm.INT8 ? roundRows() : roundGroups(data, at);
        System.arraycopy(scales, 0, rowScales, block * ROWS, rows);
        putWords(data, at + form.factorBytes(columns));
    }

    private void turn(float[] weights, int rows) {
        Arrays.fill(tile, 0);
        for (int first = 0; first < columns; first += GROUP) {
            int width = Math.min(GROUP, columns - first);
            for (int row = 0; row < rows; row++) {
                int source = row * columns + first;
                int target = first / GROUP * ROWS + row;
                for (int i = 0; i < width; i++) {
                    tile[i * stride + target] = weights[source + i];
                }
            }
        }
    }

    private void findExtremes() {
        float[] highest = products;
        float[] lowest = squares;
        Arrays.fill(highest, 0);
        Arrays.fill(lowest, 0);
        for (int from = 0; from < tile.length; from += stride) {
            widen(tile, from, highest, lowest);
        }
        for (int lane = 0; lane < lanes; lane++) {
            extremes[lane] = highest[lane] > -lowest[lane] ? highest[lane] : lowest[lane];
            // Both are NaN where a weight is.
            if (!Float.isFinite(extremes[lane])) {
                throw new IllegalArgumentException("expected finite weights, found " + extremes[lane]);
            }
        }
    }

    private static void widen(float[] tile, int from, float[] highest, float[] lowest) {
        for (int lane = 0; lane < highest.length; lane++) {
            float weight = tile[from + lane];
            highest[lane] = Math.max(highest[lane], weight);
            lowest[lane] = Math.min(lowest[lane], weight);
        }
    }

    private float[] roundRows() {
        float[] scales = largestOfRows(extremes);
        for (int lane = 0; lane < lanes; lane++) {
            inverses[lane] = 1 / scales[lane % ROWS];
        }
        round(BOUND, -BOUND);
        return scales;
    }

    private float[] roundGroups(MemorySegment data, long at) {
        findSteps();
        float[] scales = largestOfRows(steps);
        for (int lane = 0; lane < lanes; lane++) {
            float scale = scales[lane % ROWS];
            int factor = Math.round(steps[lane] / scale);
            data.set(ValueLayout.JAVA_BYTE, at + lane, (byte) factor);
            inverses[lane] = factor == 0 ? 0 : 1 / (factor * scale);
        }
        round(HIGHEST, LOWEST);
        return scales;
    }

    /// The largest magnitude of each row, divided by 127; never 0 or subnormal.
    private static float[] largestOfRows(float[] ofLanes) {
        float[] scales = new float[ROWS];
        Arrays.fill(scales, Float.MIN_NORMAL);
        for (int lane = 0; lane < ofLanes.length; lane++) {
            scales[lane % ROWS] = Math.max(scales[lane % ROWS], Math.abs(ofLanes[lane]) / BOUND);
        }
        return scales;
    }

    /// Weights become codes.
    private void round(float highest, float lowest) {
        for (int from = 0; from < tile.length; from += stride) {
            round(tile, from, inverses, highest, lowest);
        }
    }

    private static void round(float[] tile, int from, float[] inverses, float highest, float lowest) {
        for (int lane = 0; lane < inverses.length; lane++) {
            float code = tile[from + lane] * inverses[lane] + ROUNDS - ROUNDS;
            tile[from + lane] = Math.min(highest, Math.max(lowest, code));
        }
    }

    private void findSteps() {
        Arrays.fill(explained, 0);
        Arrays.fill(steps, 0);
        for (float step : STEPS) {
            for (int lane = 0; lane < lanes; lane++) {
                float extreme = extremes[lane];
                inverses[lane] = Math.abs(extreme) > SMALLEST ? -step / extreme : 0;
            }
            Arrays.fill(products, 0);
            Arrays.fill(squares, 0);
            for (int from = 0; from < tile.length; from += stride) {
                tryInverses(tile, importance, from, inverses, products, squares);
            }
            for (int lane = 0; lane < lanes; lane++) {
                double product = products[lane];
                double reached = squares[lane] > 0 ? product * product / squares[lane] : 0;
                if (reached > explained[lane]) {
                    explained[lane] = reached;
                    steps[lane] = (float) (product / squares[lane]);
                }
            }
        }
    }

    /// Adds to Σ importance · w · q and Σ importance · q².
    private static void tryInverses(float[] tile, float[] importance, int from, float[] inverses, float[] products,
            float[] squares) {
        for (int lane = 0; lane < inverses.length; lane++) {
            float weight = tile[from + lane];
            float code = weight * inverses[lane] + ROUNDS - ROUNDS;
            code = Math.min(HIGHEST, Math.max(LOWEST, code));
            float weighed = code * importance[from + lane];
            products[lane] += weighed * weight;
            squares[lane] += weighed * code;
        }
    }

    private void putWords(MemorySegment data, long at) {
        int inWord = form.wordColumns();
        for (int word = 0; word < form.paddedColumns(columns) / inWord; word++) {
            Arrays.fill(words, 0);
            for (int i = 0; i < inWord; i++) {
                addCodes(tile, place(word * inWord + i), form.zero(), form.bits() * i, words);
            }
            MemorySegment.copy(words, 0, data, WORD, at + (long) word * ROWS * Integer.BYTES, ROWS);
        }
    }

    private static void addCodes(float[] tile, int from, int zero, int shift, int[] words) {
        for (int row = 0; row < ROWS; row++) {
            words[row] |= (int) tile[from + row] + zero << shift;
        }
    }
}
