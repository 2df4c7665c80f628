package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufTensor;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.FloatBlocks;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// The tensors of a GGUF file as tensors that kernels can read. Plain numbers stay where they lie in the file; blocks of
/// numbers are decoded to F32, which is exact and takes up to seven times their memory.
///
/// Safe for several threads.
final class GgufTensors {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);

    private final GgufFile file;
    private final Workers workers;
    private final Arena arena;

    GgufTensors(GgufFile file, Workers workers, Arena arena) {
        this.file = file;
        this.workers = workers;
        this.arena = arena;
    }

    /// All of them, so that a [TensorSource] can count them. Linear layers that are not plain stand there as their bytes:
    /// [GgufLinearReader] reads them.
    Map<String, Tensor> forSource() {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (GgufTensor tensor : file.tensors().values()) {
            tensors.put(tensor.name(), forSource(tensor));
        }
        return tensors;
    }

    private Tensor forSource(GgufTensor tensor) {
        WeightNames names = WeightNames.GGUF;
        String name = tensor.name().endsWith(".weight")
                ? tensor.name().substring(0, tensor.name().length() - ".weight".length())
                : "";
        if (GgufLayout.of(tensor.type()).plain() != null) {
            return plain(tensor);
        }
        if (names.isLinear(name)) {
            return new Tensor(tensor.name(), DType.U8, new Shape(tensor.data().byteSize()), tensor.data());
        }
        if (name.equals(names.embedding()) || name.equals(names.head())) {
            long rowSteps = tensor.shape().elements() / tensor.shape().dimension(0);
            return decoded(tensor, arena, (rows, decoder) -> workers.share(rows, 1, rowSteps, decoder));
        }
        throw problem(tensor).expected("F32, F16 or BF16").found(tensor.type()).problem();
    }

    /// The tensor as numbers, decoded by the calling thread: linear layers share the threads already.
    ///
    /// @param owner of what is decoded
    /// @throws ModelFormatException if it has no form as numbers, or holds some that are not finite
    Tensor numbers(GgufTensor tensor, Arena owner) {
        return GgufLayout.of(tensor.type()).plain() == null
                ? decoded(tensor, owner, (rows, decoder) -> decoder.run(0, rows))
                : plain(tensor);
    }

    /// How the rows of a tensor are handed out.
    private interface Sharing {
        void share(int rows, Workers.RangeTask decoder);
    }

    private Tensor decoded(GgufTensor tensor, Arena owner, Sharing sharing) {
        FloatBlocks blocks = GgufLayout.of(tensor.type()).blocks();
        if (blocks == null) {
            throw problem(tensor).expected("a type of numbers, such as F16 or Q6_K").found(tensor.type()).problem();
        }
        long rows = tensor.shape().dimension(0);
        MemorySegment target = owner.allocate(tensor.shape().elements() * Float.BYTES, 64);
        long sourceRow = tensor.data().byteSize() / rows;
        long targetRow = target.byteSize() / rows;
        try {
            sharing.share(Math.toIntExact(rows), (from, to) -> {
                MemorySegment part = target.asSlice(from * targetRow, (to - from) * targetRow);
                blocks.decode(tensor.data().asSlice(from * sourceRow, (to - from) * sourceRow), part);
                checkFinite(tensor, part);
            });
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw problem(tensor).expected("numbers in " + tensor.type()).found(e.getMessage()).cause(e).problem();
        }
        return new Tensor(tensor.name(), DType.F32, tensor.shape(), target);
    }

    private void checkFinite(GgufTensor tensor, MemorySegment numbers) {
        for (long at = 0; at < numbers.byteSize(); at += Float.BYTES) {
            if (!Float.isFinite(numbers.get(FLOAT, at))) {
                throw problem(tensor).expected("finite numbers").found(numbers.get(FLOAT, at)).problem();
            }
        }
    }

    private static Tensor plain(GgufTensor tensor) {
        DType type = Objects.requireNonNull(GgufLayout.of(tensor.type()).plain());
        return new Tensor(tensor.name(), type, tensor.shape(), tensor.data());
    }

    private ModelFormatException.Problem problem(GgufTensor tensor) {
        return ModelFormatException.in(file.path()).at(tensor.name());
    }
}
