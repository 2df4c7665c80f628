package org.ternlm.train.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.model.LinearKind;
import org.ternlm.quant.AbsMax;
import org.ternlm.quant.AbsMean;
import org.ternlm.quant.SignMean;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.BFloat16;

/// Training rounds to the integers that `quant` defines, ties and all, and multiplies them exactly, in bfloat16 too.
class IntegersTest {

    @ParameterizedTest
    @EnumSource(Precision.class)
    void activationsAreThoseOfAbsMax(Precision precision) {
        int width = 64;
        float[] x = activations(3000, width);
        // Ternarised, the unit matrix is itself, with the scale 1/width: the layer shows the integers.
        float[] unit = new float[width * width];
        for (int i = 0; i < width; i++) {
            unit[i * width + i] = 1;
        }
        float[] found = apply(LinearKind.MASTER_TERNARY, x, unit, width, precision);
        byte[] q = new byte[width];
        for (int t = 0; t < x.length / width; t++) {
            float multiplier = AbsMax.quantize(x, t * width, width, q, 0);
            for (int i = 0; i < width; i++) {
                double expected = q[i] / (double) width / multiplier;
                assertThat((double) found[t * width + i]).as("token %d, %s · %s", t, x[t * width + i], multiplier)
                        .isCloseTo(expected, within(1e-6 * Math.abs(expected)));
            }
        }
    }

    /// Ordinary tokens, tokens of zeros, of tiny and of huge numbers, and such whose every element lies on a tie or
    /// beside one.
    private static float[] activations(int tokens, int width) {
        SplittableRandom random = new SplittableRandom(21);
        float[] x = new float[tokens * width];
        for (int t = 0; t < tokens; t++) {
            float size = t % 7 == 0 ? 0 : (float) Math.exp(random.nextDouble(-16, 16));
            for (int i = 0; i < width; i++) {
                x[t * width + i] = size * (float) random.nextGaussian();
            }
            if (t % 3 == 0) {
                float largest = t % 2 == 0 ? 127 : 127 * (float) Math.exp(random.nextDouble(-3, 3));
                x[t * width] = largest;
                for (int i = 1; i < width; i++) {
                    float tie = (random.nextInt(-127, 127) + 0.5f) * (largest / 127);
                    x[t * width + i] = Math.clamp(Math.nextAfter(tie, random.nextDouble(-1, 1)), -largest, largest);
                }
            }
        }
        return x;
    }

    @ParameterizedTest
    @EnumSource(names = {"MASTER_TERNARY", "MASTER_SIGN"})
    void weightsAreIntegersThoseOfTheirDefinition(LinearKind kind) {
        int columns = 48;
        for (long seed = 0; seed < 30; seed++) {
            float[] weights = weights(96, columns, new SplittableRandom(seed));
            float[] probe = new float[columns * columns];
            for (int i = 0; i < columns; i++) {
                probe[i * columns + i] = 127;
            }
            // Both scales are 1: what comes out is 127 · trit and nothing else.
            assertThat(AbsMean.weightScale(weights)).isEqualTo(1);
            for (Precision precision : Precision.values()) {
                float[] found = apply(kind, probe, weights, columns, precision);
                TernaryMatrix expected = matrix(kind, weights, 96, columns);
                for (int i = 0; i < columns; i++) {
                    for (int row = 0; row < 96; row++) {
                        assertThat(found[i * 96 + row]).as("weight %s", weights[row * columns + i])
                                .isEqualTo(127f * expected.trit(row, i));
                    }
                }
            }
        }
    }

    /// Random weights about a small mean, half of them close to it or to ±0.5, with the mean magnitude 1.
    private static float[] weights(int rows, int columns, SplittableRandom random) {
        float[] weights = new float[rows * columns];
        double shift = random.nextDouble(-0.5, 0.5);
        double sum = 0;
        for (int i = 0; i < weights.length - 1; i++) {
            weights[i] = switch (random.nextInt(4)) {
                case 0 -> Math.nextAfter(0.5f, random.nextDouble(0, 1));
                case 1 -> (float) (shift + 0.3 * random.nextGaussian());
                case 2 -> -0.5f;
                default -> (float) (2 * random.nextGaussian() + shift);
            };
            sum += Math.abs(weights[i]);
        }
        weights[weights.length - 1] = (float) (weights.length - sum);
        return weights;
    }

    @Test
    void aWeightAtTheMeanIsMinusOneAndTheMeanIsNotRounded() {
        int columns = 16;
        for (long seed = 0; seed < 20; seed++) {
            float[] weights = Matrix.random(128, columns, 0.1, 0.2, new SplittableRandom(seed)).floats();
            // The first of them become the nearest neighbours of the mean of the others: a sum in float is off by more
            // than they are apart.
            int neighbours = 64;
            double mean = 0;
            for (int i = neighbours; i < weights.length; i++) {
                mean += weights[i] / (double) (weights.length - neighbours);
            }
            for (int i = 0; i < neighbours; i++) {
                weights[i] = (float) mean + (i - neighbours / 2) * Math.ulp((float) mean);
            }
            checkSigns(weights, columns);
        }
        checkSigns(new float[] {-0.25f, -0.25f, -0.25f, -0.25f}, 2);
        checkSigns(new float[] {1, 0, -1, 0}, 2);
    }

    private static void checkSigns(float[] weights, int columns) {
        int rows = weights.length / columns;
        float[] probe = new float[columns * columns];
        for (int i = 0; i < columns; i++) {
            probe[i * columns + i] = 127;
        }
        float[] found = apply(LinearKind.MASTER_SIGN, probe, weights, columns, Precision.FLOAT32);
        TernaryMatrix expected = SignMean.binarize(weights, rows, columns);
        for (int i = 0; i < weights.length; i++) {
            assertThat((int) Math.signum(found[i % columns * rows + i / columns])).as("weight %s", weights[i])
                    .isEqualTo(expected.trits()[i]);
        }
    }

    @Test
    void theScaleOfSignsIsTheMeanMagnitudeHoweverSmall() {
        float[] weights = {1e-7f, -3e-7f, 2e-7f, -2e-7f};
        float[] found = apply(LinearKind.MASTER_SIGN, new float[] {127, 0}, weights, 2, Precision.FLOAT32);
        assertThat(found[0]).isCloseTo(127 * SignMean.weightScale(weights), within(1e-10f));
        assertThat(apply(LinearKind.MASTER_SIGN, new float[] {127, 0}, new float[4], 2, Precision.FLOAT32)[0])
                .isCloseTo(0, within(1e-30f));
    }

    @ParameterizedTest
    @CsvSource({"MASTER_TERNARY, 24", "MASTER_SIGN, 24", "MASTER_TERNARY, 301", "MASTER_SIGN, 2560"})
    void bfloat16RoundsOnlyTheExactSum(LinearKind kind, int columns) {
        int tokens = 17;
        int rows = 40;
        SplittableRandom random = new SplittableRandom(columns);
        float[] x = Matrix.random(tokens, columns, 0.1, 1, random).floats();
        float[] weights = Matrix.random(rows, columns, 0, 0.02, random).floats();
        float[] found = apply(kind, x, weights, columns, Precision.BFLOAT16);
        TernaryMatrix matrix = matrix(kind, weights, rows, columns);
        byte[] q = new byte[columns];
        for (int t = 0; t < tokens; t++) {
            float multiplier = AbsMax.quantize(x, t * columns, columns, q, 0);
            for (int row = 0; row < rows; row++) {
                int sum = 0;
                for (int i = 0; i < columns; i++) {
                    sum += q[i] * matrix.trit(row, i);
                }
                double expected = BFloat16.toFloat(BFloat16.fromFloat(sum)) * (double) matrix.weightScale(row)
                        / multiplier;
                assertThat((double) found[t * rows + row]).as("%d, %d", t, row).isCloseTo(expected,
                        within(1e-6 * Math.abs(expected)));
            }
        }
    }

    private static TernaryMatrix matrix(LinearKind kind, float[] weights, int rows, int columns) {
        return kind == LinearKind.MASTER_SIGN
                ? SignMean.binarize(weights, rows, columns)
                : AbsMean.ternarize(weights, rows, columns);
    }

    private static float[] apply(LinearKind kind, float[] x, float[] weights, int columns, Precision precision) {
        try (PointerScope scope = new PointerScope(); NoGradGuard frozen = new NoGradGuard()) {
            Tensor y = FakeQuantization.apply(kind, Torch.floats(x, x.length / columns, columns),
                    Torch.floats(weights, weights.length / columns, columns), precision, 1);
            return Torch.values(y);
        }
    }
}
