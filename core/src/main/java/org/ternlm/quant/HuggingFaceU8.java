package org.ternlm.quant;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The `uint8` tensors of Hugging Face models with `quant_method: bitnet`: two bits a weight.
///
/// ```
/// R = ceil(M/4) packed rows of K bytes, row-major
///
/// byte q*K + k:  bits  7 6     5 4     3 2     1 0
///                 row  3R+q    2R+q    R+q      q     of column k
/// ```
///
/// Four rows that lie `R` apart share a packed row. Where `M` is no multiple of 4, the last rows do not exist; their
/// bits are written as 0, as transformers does, and not read. Their number is not in the bytes: it comes with the shape.
///
/// - Source: transformers, `pack_weights` in `integrations/bitnet.py`.
/// - Scales: outside, in the tensor `weight_scale`; whether that one multiplies or divides depends on the model's
///   `linear_class`, and is settled before it comes here.
/// - Refused: code 3.
public final class HuggingFaceU8 implements Packing {

    private static final int ROWS_PER_BYTE = 4;

    HuggingFaceU8() {}

    @Override
    public String name() {
        return "HF_U8";
    }

    @Override
    public int columnMultiple() {
        return 1;
    }

    @Override
    public boolean holdsScales() {
        return false;
    }

    @Override
    public long byteSize(int rows, int columns) {
        checkShape(rows, columns);
        return (long) Math.ceilDiv(rows, ROWS_PER_BYTE) * columns;
    }

    @Override
    public void encode(TernaryMatrix matrix, MemorySegment target) {
        int columns = matrix.columns();
        MemorySegment packed = packed(target, matrix.rows(), columns);
        int packedRows = Math.ceilDiv(matrix.rows(), ROWS_PER_BYTE);
        for (int packedRow = 0; packedRow < packedRows; packedRow++) {
            for (int column = 0; column < columns; column++) {
                int codes = 0;
                for (int i = 0; i < ROWS_PER_BYTE; i++) {
                    int row = i * packedRows + packedRow;
                    if (row < matrix.rows()) {
                        codes |= (matrix.trit(row, column) + 1) << (2 * i);
                    }
                }
                packed.set(ValueLayout.JAVA_BYTE, (long) packedRow * columns + column, (byte) codes);
            }
        }
    }

    @Override
    public TernaryMatrix decode(MemorySegment source, int rows, int columns, float[] weightScales) {
        MemorySegment packed = packed(source, rows, columns);
        Unpacking weights = new Unpacking(this, rows, columns);
        int packedRows = Math.ceilDiv(rows, ROWS_PER_BYTE);
        // A row of bytes at a time: at start-up this runs before the compiler has made single accesses to memory cheap.
        byte[] codes = new byte[columns];
        for (int packedRow = 0; packedRow < packedRows; packedRow++) {
            MemorySegment.copy(packed, ValueLayout.JAVA_BYTE, (long) packedRow * columns, codes, 0, columns);
            for (int i = 0; i < ROWS_PER_BYTE; i++) {
                int row = i * packedRows + packedRow;
                if (row < rows) {
                    weights.accept(row * columns, codes, 0, columns, 2 * i);
                }
            }
        }
        return weights.matrix(weightScales);
    }
}
