package org.ternlm.kernel.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ShiftedFactors;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Interleaved2;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;

/// [TernaryKernel] on the layout [Interleaved2], in plain loops over the 32 rows of a block. It
/// prepares what the vector kernel needs, which may take over at any time, but takes the activations as they are.
public final class ScalarTernaryKernel implements TernaryKernel {
    private static final ValueLayout.OfShort WORD = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Packing packing() {
        return Packings.TERN2;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return ShiftedFactors.byteSize(columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        ShiftedFactors.write(activations, fromToken, toToken, from, to);
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int paddedRows = TernaryKernel.paddedRows(rows);
        int groups = Interleaved2.groups(activations.columns());
        int[] words = new int[BLOCK_ROWS];
        int[] laneSums = new int[BLOCK_ROWS];
        for (int block = fromBlock; block < toBlock; block++) {
            long first = (long) block * groups * Interleaved2.GROUP_BYTES;
            for (int token = fromToken; token < toToken; token++) {
                Arrays.fill(laneSums, -activations.totals()[token]);
                int start = token * activations.stride();
                for (int group = 0; group < groups; group++) {
                    loadGroup(codes, first + (long) group * Interleaved2.GROUP_BYTES, words);
                    addGroup(words, activations.values(), start + group * Interleaved2.GROUP_COLUMNS, laneSums);
                }
                int target = (token - fromToken) * paddedRows + block * BLOCK_ROWS;
                for (int lane = 0; lane < BLOCK_ROWS; lane++) {
                    sums[target + Interleaved2.rowOfLane(lane)] = laneSums[lane];
                }
            }
        }
    }

    private static void loadGroup(MemorySegment codes, long offset, int[] words) {
        for (int lane = 0; lane < BLOCK_ROWS; lane++) {
            words[lane] = codes.get(WORD, offset + 2L * lane) & 0xFFFF;
        }
    }

    private static void addGroup(int[] words, byte[] activations, int start, int[] laneSums) {
        for (int j = 0; j < Interleaved2.GROUP_COLUMNS; j++) {
            int activation = activations[start + j];
            int shift = 2 * j;
            for (int lane = 0; lane < BLOCK_ROWS; lane++) {
                laneSums[lane] += (words[lane] >>> shift & 3) * activation;
            }
        }
    }
}
