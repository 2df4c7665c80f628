package org.ternlm.kernel.scalar;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.ternlm.kernel.Activations;
import org.ternlm.kernel.ActiveColumns;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.Columns2;
import org.ternlm.quant.Interleaved2;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;

/// [TernaryKernel] on the layout [Columns2], in plain loops over the columns that are not zero.
public record ScalarColumnKernel() implements TernaryKernel {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(
            ByteOrder.LITTLE_ENDIAN);

    @Override
    public String name() {
        return "scalar";
    }

    @Override
    public Packing packing() {
        return Packings.COL2;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return ActiveColumns.byteSize(columns, tokens);
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        MemorySegment prepared = activations.prepared();
        for (int token = from; token < to; token++) {
            int start = (fromToken + token) * activations.stride();
            long at = token * ActiveColumns.tokenBytes(activations.columns());
            int pairs = ActiveColumns.list(activations.values(), start, activations.columns(), prepared, at);
            long table = at + ActiveColumns.firstTable(activations.columns());
            for (int pair = 0; pair < pairs; pair++, table += ActiveColumns.TABLE_BYTES) {
                int first = ActiveColumns.value(activations.values(), start, prepared, at, 2 * pair);
                int second = ActiveColumns.value(activations.values(), start, prepared, at, 2 * pair + 1);
                for (int entry = 0; entry < ActiveColumns.ENTRIES; entry++) {
                    int sum = ActiveColumns.trit(entry, 0) * first + ActiveColumns.trit(entry, 1) * second;
                    prepared.set(SHORT, table + 2L * entry, (short) sum);
                }
            }
        }
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        int columns = activations.columns();
        int[] tileSums = new int[Columns2.TILE_ROWS];
        for (int token = 0; token < toToken - fromToken; token++) {
            int target = token * TernaryKernel.paddedRows(rows);
            long at = token * ActiveColumns.tokenBytes(columns);
            for (int block = fromBlock; block < toBlock;) {
                int tile = block / Columns2.BLOCKS;
                int end = Math.min(toBlock, (tile + 1) * Columns2.BLOCKS);
                Arrays.fill(tileSums, 0);
                addColumns(codes.asSlice(tile * Columns2.tileBytes(columns)), columns, activations.prepared(), at,
                        tileSums);
                System.arraycopy(tileSums, block % Columns2.BLOCKS * BLOCK_ROWS, sums, target + block * BLOCK_ROWS,
                        (end - block) * BLOCK_ROWS);
                block = end;
            }
        }
    }

    private static void addColumns(MemorySegment tile, int columns, MemorySegment prepared, long at, int[] tileSums) {
        int pairs = ActiveColumns.pairs(prepared, at);
        long table = at + ActiveColumns.firstTable(columns);
        for (int pair = 0; pair < pairs; pair++, table += ActiveColumns.TABLE_BYTES) {
            long first = (long) ActiveColumns.column(prepared, at, 2 * pair) * Columns2.COLUMN_BYTES;
            long second = (long) ActiveColumns.column(prepared, at, 2 * pair + 1) * Columns2.COLUMN_BYTES;
            for (int lane = 0; lane < BLOCK_ROWS; lane++) {
                int word = tile.get(SHORT, first + 2L * lane);
                int other = tile.get(SHORT, second + 2L * lane);
                int row = Interleaved2.rowOfLane(lane);
                for (int block = 0; block < Columns2.BLOCKS; block++) {
                    int index = word >> 2 * block & 3 | (other >> 2 * block & 3) << 2;
                    tileSums[row + block * BLOCK_ROWS] += prepared.get(SHORT, table + 2L * index);
                }
            }
        }
    }
}
