package org.ternlm.train.distributed;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.Pointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Java's native memory as libtorch sees it.
final class NativeView {
    private NativeView() {}

    /// All of the memory as a tensor of one dimension, without a copy. Valid while the memory is; frees nothing.
    static Tensor of(MemorySegment memory, ScalarType type) {
        long bytes = switch (type) {
            case Float -> Float.BYTES;
            case Double, Long -> Long.BYTES;
            default -> throw new IllegalArgumentException("not used here: " + type);
        };
        try (Place place = new Place(memory.address()); TensorOptions options = new TensorOptions(type)) {
            return torch.from_blob(place, new long[] {memory.byteSize() / bytes}, options);
        }
    }

    /// A pointer that owns nothing: closing it does nothing.
    private static final class Place extends Pointer {
        Place(long address) {
            this.address = address;
        }
    }
}
