package org.ternlm.model;

import java.lang.foreign.Arena;
import org.ternlm.format.ModelFormatException;
import org.ternlm.quant.AbsMean;
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
        return switch (kindOf(name)) {
            case DENSE -> new LinearWeights.Dense(source.floating(weight, rows, columns), bias);
            case PACKED_MULTIPLY, PACKED_DIVIDE ->
                new LinearWeights.Ternary(unpack(weight, rows, columns, scale(name)), bias);
            case MASTER_TERNARY ->
                new LinearWeights.Ternary(quantize(weight, rows, columns, AbsMean::ternarize), bias);
            case MASTER_SIGN -> new LinearWeights.Ternary(quantize(weight, rows, columns, SignMean::binarize), bias);
        };
    }

    private LinearKind kindOf(String name) {
        boolean unconverted = config.unconverted().stream()
                .anyMatch(module -> name.equals(module) || name.endsWith("." + module));
        return unconverted ? LinearKind.DENSE : config.linearKind();
    }

    /// The factor of the whole matrix. `bitlinear` stores its inverse, `autobitlinear` the factor itself.
    private float scale(String name) {
        String key = name + ".weight_scale";
        Tensor tensor = source.take(key);
        if (tensor.shape().elements() != 1 || !tensor.type().isFloat()) {
            throw ModelFormatException.in(source.file()).at(key).expected("one floating-point number")
                    .found(tensor.type() + " " + tensor.shape()).problem();
        }
        float stored = tensor.floatAt(0);
        float scale = config.linearKind() == LinearKind.PACKED_DIVIDE ? 1 / stored : stored;
        // An infinite divisor would be a scale of zero, and silence the layer.
        if (!Float.isFinite(scale) || !Float.isFinite(stored) || !(stored > 0)) {
            throw ModelFormatException.in(source.file()).at(key).expected("a positive number").found(stored)
                    .problem();
        }
        return scale;
    }

    private TernaryMatrix unpack(String weight, int rows, int columns, float scale) {
        Tensor tensor = source.take(weight);
        Shape expected = new Shape(Math.ceilDiv(rows, 4), columns);
        if (tensor.type() != DType.U8 || !tensor.shape().equals(expected)) {
            throw ModelFormatException.in(source.file()).at(weight)
                    .expected("U8 %s (four rows a byte)".formatted(expected))
                    .found(tensor.type() + " " + tensor.shape()).problem();
        }
        try {
            return Packings.HUGGING_FACE_U8.decode(tensor.data(), rows, columns, new float[] {scale});
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
