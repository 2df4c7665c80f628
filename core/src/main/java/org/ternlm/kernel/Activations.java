package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The activations of some tokens as ternary kernels take them: rounded to int8 by absmax per token, and, for some of the
/// tokens at a time, in whatever form a kernel prepares of them.
///
/// Buffers grow and are used again. One thread writes; kernels may read from several.
public final class Activations {
    /// Zeros after the values of each token, so that kernels can take columns in groups.
    public static final int PADDING = 16;
    /// Tokens that most kernels prepare together: more of their tables would not fit into a core's cache.
    public static final int LARGEST_TILE = 32;

    /// Preparing a column costs as much as about so many products.
    private static final long COST = 64;

    private byte[] values = new byte[0];
    private float[] multipliers = new float[0];
    private int[] totals = new int[0];
    private int tokens;
    private int columns;
    private MemorySegment prepared = MemorySegment.NULL;

    /// Room for other activations, all of them to be set by [#quantize] or [#set].
    public void reset(int tokens, int columns) {
        this.tokens = tokens;
        this.columns = columns;
        int size = Math.multiplyExact(tokens, stride());
        if (values.length < size) {
            values = new byte[size];
        }
        if (totals.length < tokens) {
            multipliers = new float[tokens];
            totals = new int[tokens];
        }
    }

    /// Rounds the activations of `token`, `columns` floats of `x` from `offset` on.
    public void quantize(int token, float[] x, int offset, FloatKernel floats) {
        int start = token * stride();
        multipliers[token] = floats.quantize(x, offset, columns, values, start);
        complete(token);
    }

    /// Takes the activations of `token` as they are, with a multiplier of 1.
    public void set(int token, byte[] x, int offset) {
        System.arraycopy(x, offset, values, token * stride(), columns);
        multipliers[token] = 1;
        complete(token);
    }

    private void complete(int token) {
        int start = token * stride();
        Arrays.fill(values, start + columns, start + stride(), (byte) 0);
        int total = 0;
        for (int i = start; i < start + columns; i++) {
            total += values[i];
        }
        totals[token] = total;
    }

    /// Lets `kernel` prepare the tokens `fromToken` to `toToken`, at most [TernaryKernel#largestTile], for
    /// [TernaryKernel#multiply].
    public void prepare(TernaryKernel kernel, int fromToken, int toToken) {
        if (makeRoom(kernel, toToken - fromToken)) {
            kernel.prepare(this, fromToken, toToken, 0, toToken - fromToken);
        }
    }

    /// The same, shared by the threads of `workers`.
    public void prepare(TernaryKernel kernel, int fromToken, int toToken, Workers workers) {
        if (makeRoom(kernel, toToken - fromToken)) {
            workers.share(toToken - fromToken, TernaryKernel.TILE_TOKENS, COST * columns,
                    (from, to) -> kernel.prepare(this, fromToken, toToken, from, to));
        }
    }

    /// False where there is nothing to prepare.
    private boolean makeRoom(TernaryKernel kernel, int count) {
        long bytes = kernel.preparedBytes(columns, count);
        if (prepared.byteSize() < bytes) {
            prepared = Arena.ofAuto().allocate(bytes, 64);
        }
        return bytes > 0;
    }

    /// Tokens held.
    public int tokens() {
        return tokens;
    }

    /// Activations of a token.
    public int columns() {
        return columns;
    }

    /// From one token's values to the next: `columns` + [#PADDING].
    public int stride() {
        return columns + PADDING;
    }

    /// `[tokens, stride]` int8 values, zero after each token's columns.
    public byte[] values() {
        return values;
    }

    /// For each token what its values were multiplied by, 127 / max|x|.
    public float[] multipliers() {
        return multipliers;
    }

    /// For each token the sum of its int8 values, Σ q: what layouts that store trit + 1 take off again.
    public int[] totals() {
        return totals;
    }

    /// How many of the int8 values of `token` are not 0; counted anew at each call.
    public int nonZeros(int token) {
        int count = 0;
        for (int i = token * stride(); i < token * stride() + columns; i++) {
            count += values[i] != 0 ? 1 : 0;
        }
        return count;
    }

    /// Native memory, aligned to 64 bytes, with what the kernel prepared last.
    public MemorySegment prepared() {
        return prepared;
    }
}
