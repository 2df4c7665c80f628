package org.ternlm.format.gguf;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Optional;

/// The types of GGUF metadata; their order is their number in files.
public enum GgufValueType {
    U8(1), I8(1), U16(2), I16(2), U32(4), I32(4), F32(4), BOOL(1), STRING(0), ARRAY(0), U64(8), I64(8), F64(8);

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;

    GgufValueType(int bytes) {
        this.bytes = bytes;
    }

    /// The type with that number, empty for an unknown one.
    static Optional<GgufValueType> of(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }

    /// Bytes of a value; 0 for strings and arrays, whose values say it themselves.
    int bytes() {
        return bytes;
    }

    /// The value at `offset`.
    ///
    /// @throws IllegalStateException if this is the type of strings or arrays
    GgufValue scalar(MemorySegment from, long offset) {
        return switch (this) {
            case U8 -> new GgufValue.Whole(Byte.toUnsignedLong(from.get(ValueLayout.JAVA_BYTE, offset)));
            case I8 -> new GgufValue.Whole(from.get(ValueLayout.JAVA_BYTE, offset));
            case U16 -> new GgufValue.Whole(Short.toUnsignedLong(from.get(SHORT, offset)));
            case I16 -> new GgufValue.Whole(from.get(SHORT, offset));
            case U32 -> new GgufValue.Whole(Integer.toUnsignedLong(from.get(INT, offset)));
            case I32 -> new GgufValue.Whole(from.get(INT, offset));
            case U64, I64 -> new GgufValue.Whole(from.get(GgufValue.U64, offset));
            case F32 -> new GgufValue.Real(from.get(FLOAT, offset));
            case F64 -> new GgufValue.Real(from.get(DOUBLE, offset));
            case BOOL -> new GgufValue.Flag(from.get(ValueLayout.JAVA_BYTE, offset) != 0);
            case STRING, ARRAY -> throw new IllegalStateException(this + " is no scalar");
        };
    }
}
