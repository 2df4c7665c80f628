package org.ternlm.tensor;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/// A named, typed view of memory: little-endian, row-major, without gaps, of any alignment.
///
/// The memory belongs to whoever mapped or allocated it and must outlive the view; after that, access fails with an
/// [IllegalStateException]. Reading is safe from several threads as far as the segment's arena allows.
///
/// @param name
///            as in the file
/// @param type
///            of the elements
/// @param shape
///            its elements times the type's bytes is exactly the size of `data`
/// @param data
///            the bytes
public record Tensor(String name, DType type, Shape shape, MemorySegment data) {
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    /// @throws IllegalArgumentException
    ///             if the memory's size is not that of type and shape
    public Tensor {
        if (Math.multiplyExact(shape.elements(), type.bytes()) != data.byteSize()) {
            throw new IllegalArgumentException("%s: %s %s needs %d bytes, found %d".formatted(name, type, shape,
                    shape.elements() * type.bytes(), data.byteSize()));
        }
    }

    /// One element of a floating-point tensor, by its row-major index.
    ///
    /// @throws IllegalStateException
    ///             if the type is no floating-point type
    public float floatAt(long index) {
        return switch (type) {
            case F32 -> data.get(FLOAT, index * 4);
            case BF16 -> BFloat16.toFloat(data.get(SHORT, index * 2));
            case F16 -> Float.float16ToFloat(data.get(SHORT, index * 2));
            case F64 -> (float) data.get(DOUBLE, index * 8);
            case I64, I32, I16, I8, U8, BOOL -> throw new IllegalStateException(name + " is " + type);
        };
    }

    /// All elements as floats, copied.
    ///
    /// @throws IllegalStateException
    ///             if the type is no floating-point type
    /// @throws ArithmeticException
    ///             if there are more than an array can hold
    public float[] floats() {
        float[] values = new float[Math.toIntExact(shape.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = floatAt(i);
        }
        return values;
    }
}
