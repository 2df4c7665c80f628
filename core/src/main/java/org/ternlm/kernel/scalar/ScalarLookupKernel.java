package org.ternlm.kernel.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.LookupTables;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Interleaved2;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packing;

/// [TernaryKernel] on the layouts [LookupWords], in plain loops: a table of 32 sums for each index of a word.
///
/// @param layout which of the two
public record ScalarLookupKernel(LookupWords layout) implements TernaryKernel {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);
    private static final int ENTRIES = 1 << LookupWords.INDEX_BITS;
    private static final int MASK = ENTRIES - 1;

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Packing packing() {
        return layout;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return LookupTables.byteSize(layout, columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        int tokens = toToken - fromToken;
        int together = LookupTables.together(tokens);
        int perIndex = layout.weightsPerIndex();
        int tables = layout.groups(activations.columns()) * LookupWords.INDICES;
        int[] weights = weights();
        for (int token = from; token < to; token++) {
            long first = LookupTables.tokenStart(layout, activations.columns(), tokens, token);
            int start = (fromToken + token) * activations.stride();
            for (int table = 0; table < tables; table++) {
                write(activations, start + table * perIndex, weights,
                        first + (long) table * together * LookupTables.BYTES);
            }
            if (token % together == 0) {
                LookupTables.writeSpans(layout, activations, fromToken, toToken, token / together,
                        ScalarLookupKernel::sumOfSizes);
            }
        }
    }

    private static int sumOfSizes(byte[] values, int from, int count) {
        int sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.abs(values[i]);
        }
        return sum;
    }

    /// For each entry the weights that its index stands for.
    private int[] weights() {
        int perIndex = layout.weightsPerIndex();
        int[] weights = new int[ENTRIES * perIndex];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = layout.weight(i / perIndex, i % perIndex);
        }
        return weights;
    }

    private static void write(Activations activations, int start, int[] weights, long at) {
        int perIndex = weights.length / ENTRIES;
        byte[] values = activations.values();
        for (int entry = 0; entry < ENTRIES; entry++) {
            int sum = 0;
            for (int i = 0; i < perIndex; i++) {
                sum += weights[entry * perIndex + i] * values[start + i];
            }
            activations.prepared().set(SHORT, at + 2L * entry, (short) sum);
        }
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int tokens = toToken - fromToken;
        int together = LookupTables.together(tokens);
        int groups = layout.groups(activations.columns());
        int paddedRows = TernaryKernel.paddedRows(rows);
        int[] laneSums = new int[BLOCK_ROWS];
        for (int block = fromBlock; block < toBlock; block++) {
            long first = (long) block * groups * LookupWords.GROUP_BYTES;
            for (int token = 0; token < tokens; token++) {
                Arrays.fill(laneSums, 0);
                addGroups(codes, first, groups, activations.prepared(),
                        LookupTables.tokenStart(layout, activations.columns(), tokens, token), together, laneSums);
                int target = token * paddedRows + block * BLOCK_ROWS;
                for (int lane = 0; lane < BLOCK_ROWS; lane++) {
                    sums[target + Interleaved2.rowOfLane(lane)] = laneSums[lane];
                }
            }
        }
    }

    private static void addGroups(MemorySegment codes, long first, int groups, MemorySegment tables, long table,
            int together, int[] laneSums) {
        long toNext = (long) together * LookupTables.BYTES;
        for (int group = 0; group < groups; group++) {
            long at = first + (long) group * LookupWords.GROUP_BYTES;
            long one = table + 3L * group * toNext;
            for (int lane = 0; lane < BLOCK_ROWS; lane++) {
                int word = codes.get(SHORT, at + 2L * lane);
                laneSums[lane] += tables.get(SHORT, one + 2L * (word & MASK))
                        + tables.get(SHORT, one + toNext + 2L * (word >> 5 & MASK))
                        + tables.get(SHORT, one + 2 * toNext + 2L * (word >> 10 & MASK));
            }
        }
    }
}
