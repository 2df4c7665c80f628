package org.ternlm.tensor;

import java.util.Optional;

/// The element types that Tern stores, with their names in safetensors.
public enum DType {
    F64(8), F32(4), F16(2), BF16(2), I64(8), I32(4), I16(2), I8(1), U8(1), BOOL(1);

    private final int bytes;

    DType(int bytes) {
        this.bytes = bytes;
    }

    /// Bytes of one element.
    public int bytes() {
        return bytes;
    }

    /// Whether elements are floating-point numbers that [Tensor#floats()] can read.
    public boolean isFloat() {
        return switch (this) {
            case F64, F32, F16, BF16 -> true;
            case I64, I32, I16, I8, U8, BOOL -> false;
        };
    }

    /// The type of that name, empty for a name that Tern does not know.
    public static Optional<DType> named(String name) {
        for (DType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
