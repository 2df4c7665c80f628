package org.ternlm.model;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.MappedFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufTensor;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.ExactTernary;
import org.ternlm.quant.NotTernaryException;
import org.ternlm.quant.Packing;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.Shape;

/// Reads linear layers out of the tensors of a GGUF file: each says by its own type what it is.
///
/// Ternary types give [LinearWeights.Ternary], numbers [LinearWeights.Dense]. Weights in a ternary type that are no ternary matrix
/// (scales of groups, a fourth value) are numbers too. Not so in a BitNet architecture, whose layers are ternary by
/// definition: there, weights in a type of numbers must be ternary exactly, as converters write them, and become a
/// [LinearWeights.Ternary]; others, such as master weights, are refused.
final class GgufLinearReader implements LinearSource {
    private static final System.Logger LOG = System.getLogger("org.ternlm.model");

    private final AtomicBoolean warned = new AtomicBoolean();
    private final GgufFile file;
    private final GgufArchitecture architecture;
    private final ModelConfig config;
    private final GgufTensors tensors;
    private final TensorSource source;

    GgufLinearReader(GgufFile file, ModelConfig config, GgufTensors tensors, TensorSource source) {
        this.file = file;
        this.architecture = GgufConfigReader.architecture(file.metadata());
        this.config = config;
        this.tensors = tensors;
        this.source = source;
    }

    @Override
    public LinearWeights read(String name, int rows, int columns, boolean hasBias, Arena arena) {
        float[] bias = hasBias ? source.values(name + ".bias", rows) : new float[0];
        GgufTensor tensor = tensor(name + ".weight", rows, columns);
        RotaryRows order = rotaryRows(name);
        Optional<TernaryMatrix> ternary = ternary(tensor, rows, columns, arena);
        float[] orderedBias = order == null ? bias : order.reorder(bias);
        String scale = name + ".scale";
        if (ternary.isPresent()) {
            TernaryMatrix matrix = order == null ? ternary.get() : order.reorder(ternary.get());
            return new LinearWeights.Ternary(source.has(scale) ? scaled(matrix, scale) : matrix, orderedBias);
        }
        if (source.has(scale)) {
            throw problem(scale).expected("a ternary weight beside it").found(tensor.type()).problem();
        }
        if (GgufLayout.of(tensor.type()).isTernary()) {
            warn(tensor);
        }
        DenseMatrix numbers = tensors.numbers(tensor, arena);
        return new LinearWeights.Dense(order == null ? numbers : order.reorder(numbers, arena), orderedBias);
    }

    /// One line a file, however many matrices.
    private void warn(GgufTensor tensor) {
        if (!warned.getAndSet(true)) {
            LOG.log(System.Logger.Level.WARNING,
                    ("%s: weights in %s with scales of groups, or with +2, run as floats: many "
                            + "times the memory, and slowly").formatted(file.path(), tensor.type()));
        }
    }

    @Override
    public DenseMatrix table(String name, int rows, int columns) {
        return tensors.numbers(tensor(name, rows, columns));
    }

    private GgufTensor tensor(String name, int rows, int columns) {
        source.take(name);
        GgufTensor tensor = Objects.requireNonNull(file.tensors().get(name));
        Shape expected = new Shape(rows, columns);
        if (!tensor.shape().equals(expected)) {
            throw problem(name).expected("shape " + expected).found(tensor.shape()).problem();
        }
        return tensor;
    }

    private @Nullable RotaryRows rotaryRows(String name) {
        boolean turned = name.endsWith("." + WeightNames.GGUF.query()) || name.endsWith("." + WeightNames.GGUF.key());
        return turned && architecture.hasAdjacentPairs() ? new RotaryRows(config.headSize()) : null;
    }

    private Optional<TernaryMatrix> ternary(GgufTensor tensor, int rows, int columns, Arena arena) {
        Packing packing = GgufLayout.of(tensor.type()).packing();
        try {
            if (packing != null) {
                TernaryMatrix decoded = packing.decode(tensor.data(), rows, columns, new float[0]);
                MappedFile.giveBack(tensor.data());
                return Optional.of(checked(tensor, decoded));
            }
            return architecture.isBitNet()
                    ? Optional.of(ExactTernary.of(tensors.numbers(tensor, arena).floats(), rows, columns))
                    : Optional.empty();
        } catch (NotTernaryException e) {
            if (!architecture.isBitNet()) {
                return Optional.empty();
            }
            throw problem(tensor.name()).expected("ternary weights in this architecture").found(e.getMessage())
                    .hint("convert the original weights to a ternary type").cause(e).problem();
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw problem(tensor.name()).expected("ternary codes").found(e.getMessage()).cause(e).problem();
        }
    }

    /// Takes a row whose scale is 0 for the zeros that it is: ik_llama.cpp writes some code for them, not that of 0.
    /// Where no row has a scale, something is wrong, and the layer would be silent.
    private TernaryMatrix checked(GgufTensor tensor, TernaryMatrix matrix) {
        byte[] trits = matrix.trits();
        int silent = 0;
        for (int row = 0; row < matrix.rows(); row++) {
            if (matrix.weightScale(row) == 0 && hasWeights(matrix, row)) {
                trits = trits == matrix.trits() ? trits.clone() : trits;
                Arrays.fill(trits, row * matrix.columns(), (row + 1) * matrix.columns(), (byte) 0);
                silent++;
            }
        }
        if (silent == matrix.rows()) {
            throw problem(tensor.name()).expected("a scale that is not 0").found("0 for every row").problem();
        }
        return silent == 0
                ? matrix
                : new TernaryMatrix(matrix.rows(), matrix.columns(), trits, matrix.weightScales());
    }

    private static boolean hasWeights(TernaryMatrix matrix, int row) {
        for (int i = row * matrix.columns(); i < (row + 1) * matrix.columns(); i++) {
            if (matrix.trits()[i] != 0) {
                return true;
            }
        }
        return false;
    }

    /// The factor of the whole matrix that some converters write beside it.
    private TernaryMatrix scaled(TernaryMatrix matrix, String name) {
        float factor = source.values(name, 1)[0];
        float[] scales = matrix.weightScales().clone();
        for (int i = 0; i < scales.length; i++) {
            scales[i] *= factor;
            if (!Float.isFinite(scales[i]) || factor == 0) {
                throw problem(name).expected("a factor that scales can be multiplied with").found(factor).problem();
            }
        }
        return new TernaryMatrix(matrix.rows(), matrix.columns(), matrix.trits(), scales);
    }

    private ModelFormatException.Problem problem(String place) {
        return ModelFormatException.in(file.path()).at(place);
    }
}
