package org.ternlm.model;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TernaryMatrix;

/// Makes models of random weights, which take the memory and the time of trained ones of their shape and say nothing.
///
/// The matrices of all layers are equal, but each lies in memory of its own, so that a pass reads as much as that of a
/// trained model.
public final class RandomModel {
    /// What a linear layer is made of.
    public sealed interface Weighting {
        /// Ternary weights, -1, 0 and +1 equally often.
        record Ternary() implements Weighting {}

        /// Weights of ±1.
        record Sign() implements Weighting {}

        /// Real weights.
        record Dense(DenseForm form) implements Weighting {}
    }

    private final ModelConfig config;
    private final Weighting weighting;
    private final Kernels kernels;
    private final Arena arena;
    private final LongConsumer written;
    private final SplittableRandom random = new SplittableRandom(1);

    private RandomModel(ModelConfig config, Weighting weighting, Kernels kernels, Arena arena,
            LongConsumer written) {
        this.config = config;
        this.weighting = weighting;
        this.kernels = kernels;
        this.arena = arena;
        this.written = written;
    }

    /// A model of random weights, the same each time.
    ///
    /// @param table the form of the embedding and the head
    /// @param written hears of bytes as they are made, from several threads
    /// @throws OutOfMemoryError if they do not fit
    public static Model of(ModelConfig config, Weighting weighting, DenseForm table, Kernels kernels, Arena arena,
            LongConsumer written) {
        return of(config, weighting, table, HeadForm.FILE, kernels, arena, written);
    }

    /// The same with a head that is made from one of the form `table`.
    public static Model of(ModelConfig config, Weighting weighting, DenseForm table, HeadForm head, Kernels kernels,
            Arena arena, LongConsumer written) {
        return Model.of(config, new RandomModel(config, weighting, kernels, arena, written).weights(table, head));
    }

    /// Bytes that the weights of such a model take.
    public static long byteSize(ModelConfig config, Weighting weighting, DenseForm table, Kernels kernels) {
        return byteSize(config, weighting, table, HeadForm.FILE, kernels);
    }

    /// The same with a head of another form.
    public static long byteSize(ModelConfig config, Weighting weighting, DenseForm table, HeadForm head,
            Kernels kernels) {
        long layer = 0;
        for (LinearRole role : LinearRole.values()) {
            int rows = role.rows(config);
            int columns = role.columns(config);
            layer += switch (weighting) {
                case Weighting.Ternary _ -> kernels.ternary().packing().byteSize(rows, columns)
                        + sparseBytes(role, config, kernels);
                case Weighting.Sign _ -> kernels.signs().packing().byteSize(rows, columns);
                case Weighting.Dense(DenseForm form) -> rows * form.bytes(columns);
            };
        }
        long tables = config.tiedHead() || head != HeadForm.FILE ? 1 : 2;
        return layer * config.layers() + tables * config.vocabularySize() * table.bytes(config.hiddenSize())
                + head.addedBytes(config.vocabularySize(), config.hiddenSize());
    }

    /// Bytes of a layer's second layout.
    private static long sparseBytes(LinearRole role, ModelConfig config, Kernels kernels) {
        TernaryKernel sparse = kernels.sparse();
        return sparse != null && role.hasSparseInput(config)
                ? sparse.packing().byteSize(role.rows(config), role.columns(config))
                : 0;
    }

    private Weights weights(DenseForm table, HeadForm headForm) {
        Map<LinearRole, Linear> first = new EnumMap<>(LinearRole.class);
        for (LinearRole role : LinearRole.values()) {
            first.put(role, linear(role));
        }
        List<Weights.Layer> layers = new ArrayList<>();
        layers.add(layer(first));
        layers.addAll(copies(first));
        DenseMatrix embedding = dense(table, config.vocabularySize(), config.hiddenSize());
        DenseMatrix matrix = config.tiedHead() || headForm != HeadForm.FILE ? embedding : copy(embedding);
        float[] gain = ones(config.hiddenSize());
        Linear head = Head.of(matrix, gain, headForm, kernels.workers(), arena);
        return new Weights(embedding, layers, gain, head);
    }

    /// All layers but the first. Threads share them: most of the time goes into memory that is used for the first time.
    private List<Weights.Layer> copies(Map<LinearRole, Linear> first) {
        Weights.Layer[] copies = new Weights.Layer[config.layers() - 1];
        kernels.workers().share(copies.length, 1, Integer.MAX_VALUE, (from, to) -> {
            for (int i = from; i < to; i++) {
                Map<LinearRole, Linear> next = new EnumMap<>(LinearRole.class);
                first.forEach((role, linear) -> next.put(role, copy(linear)));
                copies[i] = layer(next);
            }
        });
        return Arrays.asList(copies);
    }

    private Weights.Layer layer(Map<LinearRole, Linear> linears) {
        return Weights.Layer.of(role -> ones(role.size(config)), role -> Objects.requireNonNull(linears.get(role)));
    }

    private static float[] ones(int size) {
        float[] ones = new float[size];
        Arrays.fill(ones, 1);
        return ones;
    }

    private Linear linear(LinearRole role) {
        int rows = role.rows(config);
        int columns = role.columns(config);
        Linear linear = switch (weighting) {
            case Weighting.Ternary _ -> ternary(role, 3);
            case Weighting.Sign _ -> ternary(role, 2);
            case Weighting.Dense(DenseForm form) -> new DenseLinear(dense(form, rows, columns), new float[0]);
        };
        written.accept(heldBytes(linear));
        return linear;
    }

    /// Weights of variance 1 / columns, so that activations keep their size.
    private Linear ternary(LinearRole role, int values) {
        int rows = role.rows(config);
        int columns = role.columns(config);
        byte[] trits = new byte[Math.multiplyExact(rows, columns)];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (values == 3 ? random.nextInt(3) - 1 : 2 * random.nextInt(2) - 1);
        }
        float scale = (float) Math.sqrt((values == 3 ? 1.5 : 1) / columns);
        TernaryMatrix matrix = new TernaryMatrix(rows, columns, trits, scale);
        return role.hasSparseInput(config)
                ? BitLinear.packForSparseInput(matrix, new float[0], BitLinear.InputNorm.NONE, kernels, arena)
                : BitLinear.pack(matrix, new float[0], BitLinear.InputNorm.NONE, kernels, arena);
    }

    private static long heldBytes(Linear linear) {
        return linear instanceof BitLinear bits ? bits.heldBytes() : linear.byteSize();
    }

    private DenseMatrix dense(DenseForm form, int rows, int columns) {
        MemorySegment data = arena.allocate(rows * form.bytes(columns), 64);
        float[] scales = new float[form.hasRowScales() ? rows : 0];
        float[] row = new float[columns];
        float width = (float) Math.sqrt(12.0 / columns);
        for (int i = 0; i < row.length; i++) {
            row[i] = (random.nextFloat() - 0.5f) * width;
        }
        float scale = form.encode(row, 0, columns, data);
        // Rows are equal, too: nobody multiplies faster for that.
        for (int r = 0; r < rows; r++) {
            if (r > 0) {
                MemorySegment.copy(data, 0, data, r * form.bytes(columns), form.bytes(columns));
            }
            if (form.hasRowScales()) {
                scales[r] = scale;
            }
        }
        return new DenseMatrix(form, rows, columns, data, scales);
    }

    private Linear copy(Linear linear) {
        written.accept(heldBytes(linear));
        return switch (linear) {
            case BitLinear layer -> layer.at(copy(layer.codes()), copy(layer.columnCodes()));
            case DenseLinear layer -> new DenseLinear(copy(layer.weights()), layer.bias());
            case IntegerLinear layer -> throw new IllegalStateException("only heads are rounded: " + layer);
        };
    }

    private DenseMatrix copy(DenseMatrix matrix) {
        return new DenseMatrix(matrix.form(), matrix.rows(), matrix.columns(), copy(matrix.data()),
                matrix.rowScales());
    }

    private MemorySegment copy(MemorySegment data) {
        // None stays none: an arena would allocate a byte.
        return data.byteSize() == 0 ? MemorySegment.NULL : arena.allocate(data.byteSize(), 64).copyFrom(data);
    }
}
