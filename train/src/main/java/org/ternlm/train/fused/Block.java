package org.ternlm.train.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.ternlm.kernel.FloatKernel;

/// A matrix in native memory, row-major, that libtorch multiplies and Java reads and writes row by row as floats.
///
/// Belongs to one thread at a time: it has room of its own for conversions.
final class Block implements AutoCloseable {
    private final Element element;
    private final int columns;
    private final FloatKernel kernel;
    private final Tensor tensor;
    private final MemorySegment memory;
    private final short[] shorts;
    private final int[] ints;

    /// Zeros.
    Block(Element element, long rows, int columns, FloatKernel kernel) {
        this.element = element;
        this.columns = columns;
        this.kernel = kernel;
        try (PointerScope scope = new PointerScope()) {
            tensor = torch.zeros(new long[] {rows, columns}, new TensorOptions(element.type())).retainReference();
        }
        memory = rows == 0
                ? MemorySegment.NULL
                : MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(rows * columns * element.bytes());
        shorts = new short[element == Element.BFLOAT16 ? columns : 0];
        ints = new int[element == Element.INT32 ? columns : 0];
    }

    int columns() {
        return columns;
    }

    boolean isEmpty() {
        return memory.byteSize() == 0;
    }

    /// `[rows, columns]`.
    Tensor tensor() {
        return tensor;
    }

    /// A row.
    void readRow(long row, float[] into) {
        read(row * columns, into, 0, columns);
    }

    /// Sets a row.
    void writeRow(long row, float[] from) {
        write(row * columns, from, 0, columns);
    }

    /// At most a row's number of elements, from the place `from` on, counted from the first of the block, to `into[at]`
    /// and on.
    void read(long from, float[] into, int at, int count) {
        switch (element) {
            case FLOAT32 -> MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, from * Float.BYTES, into, at, count);
            case BFLOAT16 -> {
                MemorySegment.copy(memory, ValueLayout.JAVA_SHORT, from * Short.BYTES, shorts, 0, count);
                kernel.fromBFloat16(shorts, 0, into, at, count);
            }
            case INT32 -> {
                MemorySegment.copy(memory, ValueLayout.JAVA_INT, from * Integer.BYTES, ints, 0, count);
                toFloats(ints, into, at, count);
            }
            case INT8 -> throw new IllegalStateException("int8 is not read back");
        }
    }

    // A method of its own: C2 does not vectorise the loop inside the switch.
    private static void toFloats(int[] from, float[] to, int at, int count) {
        for (int i = 0; i < count; i++) {
            to[at + i] = from[i];
        }
    }

    /// The other way, rounded half to even where the element is bfloat16. Floats only.
    void write(long to, float[] from, int at, int count) {
        switch (element) {
            case FLOAT32 -> MemorySegment.copy(from, at, memory, ValueLayout.JAVA_FLOAT, to * Float.BYTES, count);
            case BFLOAT16 -> {
                kernel.toBFloat16(from, at, shorts, 0, count);
                MemorySegment.copy(shorts, 0, memory, ValueLayout.JAVA_SHORT, to * Short.BYTES, count);
            }
            case INT32, INT8 -> throw new IllegalStateException("a block of " + element + " takes no floats");
        }
    }

    /// All of it.
    MemorySegment memory() {
        return memory;
    }

    /// Sets a row of an int8 block.
    void writeBytes(long row, byte[] from) {
        MemorySegment.copy(from, 0, memory, ValueLayout.JAVA_BYTE, row * columns, columns);
    }

    @Override
    public void close() {
        tensor.close();
    }
}
