package org.ternlm.train.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.torch.Sequences;

/// A network and a batch, made from a seed: weights large enough that every layer matters, gains that are not 1.
///
/// @param config the architecture
/// @param values weights by name
/// @param batch sequences
/// @param length tokens of each
/// @param inputs tokens, sequence after sequence
/// @param targets what follows each
// Handed to the two sides of a comparison, which read it.
@SuppressWarnings("ArrayRecordComponent")
record Example(ModelConfig config, Map<String, float[]> values, int batch, int length, int[] inputs, int[] targets) {

    /// No scaled activation of a comparison may be closer than this to a tie between two integers: they go to 127, and
    /// float and double differ in their seventh digit.
    static final double CLEAR = 2e-4;

    static Example of(ModelConfig config, int batch, int length, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        Map<String, float[]> values = new LinkedHashMap<>();
        WeightBlock.shapes(config).forEach((name, shape) -> {
            int size = (int) Arrays.stream(shape).reduce(1, (a, b) -> a * b);
            Matrix matrix = shape.length == 1
                    ? Matrix.random(1, size, 1, 0.3, random)
                    : Matrix.random(1, size, 0.01, 0.2, random);
            values.put(name, matrix.floats());
        });
        int[] inputs = random.ints((long) batch * length, 0, config.vocabularySize()).toArray();
        int[] targets = random.ints((long) batch * length, 0, config.vocabularySize()).toArray();
        return new Example(config, values, batch, length, inputs, targets);
    }

    /// The first example from `seed` on in which float and double cannot round an activation to different integers.
    static Example clear(ModelConfig config, int batch, int length, long seed) {
        for (long next = seed; next < seed + 100; next++) {
            Example example = of(config, batch, length, next);
            ReferenceNetwork reference = example.reference(true);
            reference.loss(example.inputs, example.targets);
            if (reference.margin() > CLEAR) {
                return example;
            }
        }
        throw new AssertionError("in each of 100 examples an activation lies within %s of a tie".formatted(CLEAR));
    }

    ReferenceNetwork reference(boolean rounding) {
        return new ReferenceNetwork(config, values, length, rounding);
    }

    /// Weights that libtorch keeps track of.
    Parameters watchedParameters() {
        Parameters parameters = Parameters.of(config, values);
        parameters.all().values().forEach(tensor -> tensor.set_requires_grad(true));
        return parameters;
    }

    /// The sequences as [GradientPass] takes them.
    Sequences sequences() {
        return new Sequences(batch, length, inputs, targets, new int[inputs.length]);
    }
}
