package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.ternlm.quant.LookupWords;
import org.ternlm.quant.Packing;

/// [TernaryKernel] for many tokens: unpacks two blocks of rows at a time into bytes, and lets a library multiply these with
/// all tokens of the tile ([ByteProducts]). The weights stay packed; a thread has room for one tile of rows.
///
/// The library takes activations without sign, q + 128, which processors multiply with signed weights. What that adds to
/// every sum of a row is taken off again: its product with one more token, whose every value is 128.
///
/// ```
/// Σ trit · q = Σ trit · (q + 128) - Σ trit · 128
/// ```
///
/// Prepared activations are bytes `[1 + tokens, stride]`, the token of 128s first; from `columns` on zeros.
public final class TileKernel implements TernaryKernel {
    /// Tokens that are worth unpacking for together.
    static final int MOST_TOKENS = 256;
    /// Tokens are multiplied in multiples of this, and the token of 128s: a library compiles code for each number of them.
    private static final int TOKEN_MULTIPLE = 8;
    private static final int TILE_BLOCKS = ByteProducts.TILE_ROWS / BLOCK_ROWS;
    private static final int ROW_BYTES = ByteProducts.TILE_ROWS * Integer.BYTES;
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final byte OFFSET = (byte) 128;
    private static final long OFFSETS = 0x8080_8080_8080_8080L;

    private final LookupWords layout;
    private final TileUnpacking unpacking;
    private final ByteProducts products;
    private final Queue<Scratch> idle = new ConcurrentLinkedQueue<>();

    /// @param layout of the weights
    /// @param unpacking from that layout to bytes
    /// @param products of bytes
    public TileKernel(LookupWords layout, TileUnpacking unpacking, ByteProducts products) {
        this.layout = layout;
        this.unpacking = unpacking;
        this.products = products;
    }

    @Override
    public String name() {
        return products.description();
    }

    @Override
    public Packing packing() {
        return layout;
    }

    @Override
    public int largestTile() {
        return MOST_TOKENS;
    }

    @Override
    public long preparedBytes(int columns, int tokens) {
        return (long) multiplied(tokens) * stride(columns);
    }

    private static int multiplied(int tokens) {
        return 1 + Math.ceilDiv(tokens, TOKEN_MULTIPLE) * TOKEN_MULTIPLE;
    }

    private static int stride(int columns) {
        return Math.ceilDiv(columns, ByteProducts.COLUMN_MULTIPLE) * ByteProducts.COLUMN_MULTIPLE;
    }

    @Override
    public void prepare(Activations activations, int fromToken, int toToken, int from, int to) {
        int columns = activations.columns();
        int stride = stride(columns);
        MemorySegment prepared = activations.prepared();
        if (from == 0) {
            prepared.asSlice(0, columns).fill(OFFSET);
            prepared.asSlice(columns, stride - columns).fill((byte) 0);
        }
        for (int token = from; token < to; token++) {
            long target = (1L + token) * stride;
            write(activations.values(), (fromToken + token) * activations.stride(), columns, prepared, target);
            prepared.asSlice(target + columns, stride - columns).fill((byte) 0);
        }
    }

    private static void write(byte[] values, int start, int columns, MemorySegment prepared, long target) {
        int whole = columns / Long.BYTES * Long.BYTES;
        for (int i = 0; i < whole; i += Long.BYTES) {
            prepared.set(LONG, target + i, (long) LONGS.get(values, start + i) ^ OFFSETS);
        }
        for (int i = whole; i < columns; i++) {
            prepared.set(ValueLayout.JAVA_BYTE, target + i, (byte) (values[start + i] ^ OFFSET));
        }
    }

    @Override
    public void multiply(MemorySegment codes, int rows, int fromBlock, int toBlock, Activations activations,
            int fromToken, int toToken, int[] sums) {
        Scratch idling = idle.poll();
        Scratch scratch = idling == null ? new Scratch() : idling;
        for (int block = fromBlock; block < toBlock; block += TILE_BLOCKS) {
            int blocks = Math.min(TILE_BLOCKS, toBlock - block);
            scratch.multiply(codes, block, blocks, activations, toToken - fromToken);
            scratch.copy(sums, TernaryKernel.paddedRows(rows), block * BLOCK_ROWS, blocks * BLOCK_ROWS,
                    toToken - fromToken);
        }
        idle.add(scratch);
    }

    /// What a thread needs for a tile of rows.
    private final class Scratch {
        private final int[] offsets = new int[ByteProducts.TILE_ROWS];
        private MemorySegment weights = MemorySegment.NULL;
        private MemorySegment tileSums = MemorySegment.NULL;

        void multiply(MemorySegment codes, int block, int blocks, Activations activations, int tokens) {
            int columns = activations.columns();
            int stride = stride(columns);
            int multiplied = multiplied(tokens);
            weights = room(weights, (long) Math.max(stride, TileUnpacking.unpackedColumns(layout, columns))
                    * ByteProducts.TILE_ROWS);
            tileSums = room(tileSums, (long) multiplied * ROW_BYTES);
            for (int i = 0; i < blocks; i++) {
                unpacking.unpack(layout, codes, (long) (block + i) * layout.groups(columns) * LookupWords.GROUP_BYTES,
                        columns, weights, (long) i * BLOCK_ROWS * ByteProducts.COLUMNS_TOGETHER);
            }
            products.multiply(activations.prepared(), multiplied, stride, weights, tileSums);
        }

        private static MemorySegment room(MemorySegment memory, long bytes) {
            return memory.byteSize() < bytes ? Arena.ofAuto().allocate(bytes, 64) : memory;
        }

        /// Takes the offsets off on the way.
        void copy(int[] sums, int paddedRows, int firstRow, int rows, int tokens) {
            MemorySegment.copy(tileSums, ValueLayout.JAVA_INT, 0, offsets, 0, rows);
            for (int token = 0; token < tokens; token++) {
                int target = token * paddedRows + firstRow;
                MemorySegment.copy(tileSums, ValueLayout.JAVA_INT, (1L + token) * ROW_BYTES, sums, target, rows);
                for (int row = 0; row < rows; row++) {
                    sums[target + row] -= offsets[row];
                }
            }
        }
    }
}
