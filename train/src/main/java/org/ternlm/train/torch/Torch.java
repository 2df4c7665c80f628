package org.ternlm.train.torch;

import java.lang.foreign.MemorySegment;
import org.bytedeco.javacpp.FloatPointer;
import org.bytedeco.javacpp.LongPointer;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptions;
import org.bytedeco.pytorch.global.torch;
import org.bytedeco.pytorch.global.torch.ScalarType;

/// Passages between Java's memory and libtorch's.
public final class Torch {
    private Torch() {}

    /// Sets how many threads libtorch computes with.
    public static void setThreads(int threads) {
        torch.set_num_threads(threads);
    }

    /// A float tensor with a copy of `values`.
    public static Tensor floats(float[] values, long... shape) {
        try (FloatPointer pointer = new FloatPointer(values)) {
            return torch.from_blob(pointer, shape, new TensorOptions(ScalarType.Float)).clone();
        }
    }

    /// An int64 tensor with a copy of `values`.
    public static Tensor longs(long[] values, long... shape) {
        try (LongPointer pointer = new LongPointer(values)) {
            return torch.from_blob(pointer, shape, new TensorOptions(ScalarType.Long)).clone();
        }
    }

    /// The memory of a contiguous float tensor on the CPU; valid while the tensor is.
    public static MemorySegment memory(Tensor tensor) {
        return MemorySegment.ofAddress(tensor.data_ptr().address()).reinterpret(tensor.nbytes());
    }

    /// A copy of all elements of a float tensor.
    public static float[] values(Tensor tensor) {
        float[] values = new float[Math.toIntExact(tensor.numel())];
        MemorySegment.ofArray(values).copyFrom(memory(tensor.contiguous()));
        return values;
    }
}
