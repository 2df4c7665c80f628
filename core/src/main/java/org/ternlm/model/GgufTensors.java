package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufTensor;
import org.ternlm.kernel.Workers;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.FloatBlocks;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// The tensors of a GGUF file in forms that kernels can read: they stay where they lie in the file. Only Q6_K,
/// and weights in a ternary type that are no ternary matrix, are decoded to F32, which is exact and takes up to many times
/// their memory.
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

    /// All of them, so that a [TensorSource] can count them. Matrices that are not plain stand there as their bytes:
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
        DType plain = GgufLayout.of(tensor.type()).plain();
        if (plain != null) {
            return new Tensor(tensor.name(), plain, tensor.shape(), tensor.data());
        }
        if (names.isLinear(name) || name.equals(names.embedding()) || name.equals(names.head())) {
            return new Tensor(tensor.name(), DType.U8, new Shape(tensor.data().byteSize()), tensor.data());
        }
        throw problem(tensor).expected("F32, F16 or BF16").found(tensor.type()).problem();
    }

    /// How the rows of a tensor are handed out.
    private interface Sharing {
        void share(int rows, Workers.RangeTask task);
    }

    /// The matrix as numbers, examined by all threads.
    ///
    /// @throws ModelFormatException if it has no form as numbers, or its blocks hold some that are not finite
    DenseMatrix numbers(GgufTensor tensor) {
        long rowSteps = tensor.shape().dimension(1);
        return numbers(tensor, arena, (rows, task) -> workers.share(rows, 1, rowSteps, task));
    }

    /// The same by the calling thread: linear layers share the threads already.
    ///
    /// @param owner of what is decoded
    DenseMatrix numbers(GgufTensor tensor, Arena owner) {
        return numbers(tensor, owner, (rows, task) -> task.run(0, rows));
    }

    private DenseMatrix numbers(GgufTensor tensor, Arena owner, Sharing sharing) {
        int rows = Math.toIntExact(tensor.shape().dimension(0));
        int columns = Math.toIntExact(tensor.shape().dimension(1));
        GgufLayout layout = GgufLayout.of(tensor.type());
        FloatBlocks blocks = layout.blocks();
        if (layout.plain() == null && blocks == null) {
            throw problem(tensor).expected("a type of numbers, such as F16 or Q6_K").found(tensor.type()).problem();
        }
        Optional<DenseForm> form = form(layout.plain(), blocks);
        if (form.isEmpty() && blocks != null) {
            return new DenseMatrix(DenseForm.F32, rows, columns, decoded(tensor, blocks, owner, sharing));
        }
        DenseMatrix matrix = new DenseMatrix(form.orElseThrow(), rows, columns, tensor.data());
        sharing.share(rows, (from, to) -> {
            int row = matrix.firstNotFinite(from, to);
            if (row >= 0) {
                throw problem(tensor).expected("finite scales").found("others in row " + row).problem();
            }
        });
        return matrix;
    }

    private static Optional<DenseForm> form(@Nullable DType plain, @Nullable FloatBlocks blocks) {
        if (plain != null) {
            return DenseForm.of(plain);
        }
        // Unpacking Q6_K takes longer than reading its floats does.
        return blocks == null ? Optional.empty() : DenseForm.of(blocks).filter(form -> form != DenseForm.Q6_K);
    }

    private MemorySegment decoded(GgufTensor tensor, FloatBlocks blocks, Arena owner, Sharing sharing) {
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
        return target;
    }

    private void checkFinite(GgufTensor tensor, MemorySegment numbers) {
        for (long at = 0; at < numbers.byteSize(); at += Float.BYTES) {
            if (!Float.isFinite(numbers.get(FLOAT, at))) {
                throw problem(tensor).expected("finite numbers").found(numbers.get(FLOAT, at)).problem();
            }
        }
    }

    private ModelFormatException.Problem problem(GgufTensor tensor) {
        return ModelFormatException.in(file.path()).at(tensor.name());
    }
}
