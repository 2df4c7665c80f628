package org.ternlm.model;

import java.lang.foreign.Arena;
import org.ternlm.format.MappedFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.quant.AbsMean;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.Packings;
import org.ternlm.quant.SignMean;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Reads linear layers out of the tensors of a Hugging Face folder: the configuration says what they are.
final class LinearReader implements LinearSource {
    private final TensorSource source;
    private final ModelConfig config;

    LinearReader(TensorSource source, ModelConfig config) {
        this.source = source;
        this.config = config;
    }

    @Override
    public LinearWeights read(String name, int rows, int columns, boolean hasBias, Arena arena) {
        float[] bias = hasBias ? source.values(name + ".bias", rows) : new float[0];
        String weight = name + ".weight";
        return switch (config.kindOf(name)) {
            case DENSE -> new LinearWeights.Dense(table(weight, rows, columns), bias);
            case INT8_ROWS -> new LinearWeights.Dense(int8(name, rows, columns), bias);
            case PACKED_MULTIPLY, PACKED_DIVIDE ->
                new LinearWeights.Ternary(unpack(weight, rows, columns, scales(name, rows)), bias);
            case MASTER_TERNARY ->
                new LinearWeights.Ternary(quantize(weight, rows, columns, AbsMean::ternarize), bias);
            case MASTER_SIGN -> new LinearWeights.Ternary(quantize(weight, rows, columns, SignMean::binarize), bias);
        };
    }

    @Override
    public DenseMatrix table(String name, int rows, int columns) {
        return DenseMatrix.of(source.floating(name, rows, columns));
    }

    private DenseMatrix int8(String name, int rows, int columns) {
        Tensor tensor = source.take(name + ".weight");
        Shape expected = new Shape(rows, columns);
        if (tensor.type() != DType.I8 || !tensor.shape().equals(expected)) {
            throw problem(tensor).expected("I8 " + expected).found(tensor.type() + " " + tensor.shape()).problem();
        }
        Tensor scale = source.floating(name + ".weight_scale", rows, 1);
        float[] scales = scale.floats();
        for (float factor : scales) {
            if (!Float.isFinite(factor) || factor < 0) {
                throw problem(scale).expected("finite scales, none negative").found(factor).problem();
            }
        }
        return new DenseMatrix(DenseForm.I8, rows, columns, tensor.data(), scales);
    }

    /// One factor for the whole matrix, or one a row. `bitlinear` stores inverses, `autobitlinear` the factors themselves.
    private float[] scales(String name, int rows) {
        Tensor tensor = source.take(name + ".weight_scale");
        long count = tensor.shape().elements();
        boolean isColumn = tensor.shape().rank() <= 1 || tensor.shape().dimension(0) == count;
        if (!tensor.type().isFloat() || !isColumn || count != 1 && count != rows) {
            throw problem(tensor).expected("one floating-point number, or one for each of the %d rows".formatted(rows))
                    .found(tensor.type() + " " + tensor.shape())
                    .hint(count > rows && count % rows == 0
                            ? "scales of groups are not supported: within a row, sums are exact integers"
                            : "another format?")
                    .problem();
        }
        float[] scales = tensor.floats();
        for (int i = 0; i < scales.length; i++) {
            float stored = scales[i];
            scales[i] = config.linearKind() == LinearKind.PACKED_DIVIDE ? 1 / stored : stored;
            // An infinite divisor would be a scale of zero, and silence the layer.
            if (!Float.isFinite(scales[i]) || !Float.isFinite(stored) || !(stored > 0)) {
                throw problem(tensor).expected("a positive number").found(stored).problem();
            }
        }
        return scales;
    }

    private ModelFormatException.Problem problem(Tensor tensor) {
        return ModelFormatException.in(source.file()).at(tensor.name());
    }

    private TernaryMatrix unpack(String weight, int rows, int columns, float[] scales) {
        Tensor tensor = source.take(weight);
        Shape expected = new Shape(Math.ceilDiv(rows, 4), columns);
        if (tensor.type() != DType.U8 || !tensor.shape().equals(expected)) {
            throw ModelFormatException.in(source.file()).at(weight)
                    .expected("U8 %s (four rows a byte)".formatted(expected))
                    .found(tensor.type() + " " + tensor.shape()).problem();
        }
        try {
            TernaryMatrix decoded = Packings.HUGGING_FACE_U8.decode(tensor.data(), rows, columns, scales);
            MappedFile.giveBack(tensor.data());
            return decoded;
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(source.file()).at(weight).expected("ternary codes").found(e.getMessage())
                    .cause(e).problem();
        }
    }

    private interface Quantizer {
        TernaryMatrix quantize(float[] weights, int rows, int columns);
    }

    private TernaryMatrix quantize(String weight, int rows, int columns, Quantizer quantizer) {
        Tensor tensor = source.floating(weight, rows, columns);
        try {
            return quantizer.quantize(tensor.floats(), rows, columns);
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(source.file()).at(weight).expected("finite weights").found(e.getMessage())
                    .cause(e).problem();
        }
    }
}
