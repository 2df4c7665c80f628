package org.ternlm.model;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/// A transformer as its equations stand in papers, in double, one token after the other, each position worked out anew:
/// slow, and sharing nothing with the decoder but the names of the weights.
final class PlainDecoder {
    private final ModelConfig config;
    private final WeightNames names;
    private final Map<String, float[]> weights;

    PlainDecoder(ModelConfig config, WeightNames names, Map<String, float[]> weights) {
        this.config = config;
        this.names = names;
        this.weights = weights;
    }

    /// The logits behind each token.
    double[][] logits(int... tokens) {
        int hidden = config.hiddenSize();
        float[] embedding = weight(names.embedding());
        double[][] x = new double[tokens.length][hidden];
        for (int t = 0; t < tokens.length; t++) {
            for (int i = 0; i < hidden; i++) {
                x[t][i] = embedding[tokens[t] * hidden + i];
            }
        }
        for (int layer = 0; layer < config.layers(); layer++) {
            attend(layer, x);
            for (double[] token : x) {
                double[] h = norm(layer, NormRole.FEED_FORWARD, token);
                double[] gate = linear(layer, LinearRole.GATE, h);
                double[] up = linear(layer, LinearRole.UP, h);
                for (int i = 0; i < gate.length; i++) {
                    gate[i] = up[i] * switch (config.activation()) {
                        case SILU -> gate[i] / (1 + Math.exp(-gate[i]));
                        case RELU_SQUARED -> Math.pow(Math.max(0, gate[i]), 2);
                    };
                }
                add(token, linear(layer, LinearRole.DOWN, norm(layer, NormRole.FEED_FORWARD_SUB, gate)));
            }
        }
        float[] gain = weight(names.norm());
        return Arrays.stream(x).map(token -> times(embedding, norm(gain, config.normEpsilon(), token)))
                .toArray(double[][]::new);
    }

    private float[] weight(String name) {
        return Objects.requireNonNull(weights.get(name + ".weight"), name);
    }

    private void attend(int layer, double[][] x) {
        int size = config.headSize();
        double[][] query = new double[x.length][];
        double[][] key = new double[x.length][];
        double[][] value = new double[x.length][];
        for (int t = 0; t < x.length; t++) {
            double[] h = norm(layer, NormRole.ATTENTION, x[t]);
            query[t] = turn(heads(layer, NormRole.QUERY, linear(layer, LinearRole.QUERY, h)), t);
            key[t] = turn(heads(layer, NormRole.KEY, linear(layer, LinearRole.KEY, h)), t);
            value[t] = linear(layer, LinearRole.VALUE, h);
        }
        for (int t = 0; t < x.length; t++) {
            double[] mixed = new double[config.querySize()];
            for (int head = 0; head < config.heads(); head++) {
                int shared = head / (config.heads() / config.keyValueHeads());
                double[] scores = new double[t + 1];
                double sum = 0;
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < size; i++) {
                        scores[s] += query[t][head * size + i] * key[s][shared * size + i];
                    }
                    scores[s] = Math.exp(scores[s] / Math.sqrt(size));
                    sum += scores[s];
                }
                for (int s = 0; s <= t; s++) {
                    for (int i = 0; i < size; i++) {
                        mixed[head * size + i] += scores[s] / sum * value[s][shared * size + i];
                    }
                }
            }
            add(x[t], linear(layer, LinearRole.OUTPUT, norm(layer, NormRole.ATTENTION_SUB, mixed)));
        }
    }

    /// Each head through the norm that all share, where there is one.
    private double[] heads(int layer, NormRole role, double[] x) {
        int size = config.headSize();
        double[] y = new double[x.length];
        for (int from = 0; from < x.length; from += size) {
            System.arraycopy(norm(layer, role, Arrays.copyOfRange(x, from, from + size)), 0, y, from, size);
        }
        return y;
    }

    private double[] turn(double[] x, int position) {
        int half = config.headSize() / 2;
        double[] y = new double[x.length];
        for (int head = 0; head < x.length; head += 2 * half) {
            for (int i = 0; i < half; i++) {
                double angle = position * Math.pow(config.ropeTheta(), -(double) i / half);
                double a = x[head + i];
                double b = x[head + half + i];
                y[head + i] = a * Math.cos(angle) - b * Math.sin(angle);
                y[head + half + i] = b * Math.cos(angle) + a * Math.sin(angle);
            }
        }
        return y;
    }

    private double[] norm(int layer, NormRole role, double[] x) {
        float[] gain = weights.get(names.layer(layer) + names.norm(role) + ".weight");
        return gain == null ? x : norm(gain, config.normEpsilon(), x);
    }

    private static double[] norm(float[] gain, double epsilon, double[] x) {
        double meanSquare = Arrays.stream(x).map(v -> v * v).average().orElseThrow();
        double[] y = new double[x.length];
        Arrays.setAll(y, i -> gain[i] * x[i] / Math.sqrt(meanSquare + epsilon));
        return y;
    }

    private double[] linear(int layer, LinearRole role, double[] x) {
        String name = names.layer(layer) + names.linear(role);
        float[] gain = weights.get(name + ".rms_norm.weight");
        double[] input = gain == null ? x : norm(gain, config.inputNormEpsilon(), x);
        float[] matrix = weight(name);
        if (config.linearKind() == LinearKind.MASTER_TERNARY) {
            matrix = ternary(matrix);
        }
        double[] y = times(matrix, config.linearKind().isTernary() ? rounded(input) : input);
        float[] bias = weights.get(name + ".bias");
        if (bias != null) {
            Arrays.setAll(y, i -> y[i] + bias[i]);
        }
        return y;
    }

    private static double[] rounded(double[] x) {
        double factor = 127 / Math.max(1e-5, Arrays.stream(x).map(Math::abs).max().orElseThrow());
        return Arrays.stream(x).map(v -> Math.rint(v * factor) / factor).toArray();
    }

    private static float[] ternary(float[] master) {
        double sum = 0;
        for (float weight : master) {
            sum += Math.abs(weight);
        }
        double mean = Math.max(1e-5, sum / master.length);
        float[] ternary = new float[master.length];
        for (int i = 0; i < master.length; i++) {
            ternary[i] = (float) (mean * Math.clamp(Math.rint(master[i] / mean), -1.0, 1.0));
        }
        return ternary;
    }

    private static double[] times(float[] matrix, double[] x) {
        double[] y = new double[matrix.length / x.length];
        for (int row = 0; row < y.length; row++) {
            for (int i = 0; i < x.length; i++) {
                y[row] += matrix[row * x.length + i] * x[i];
            }
        }
        return y;
    }

    private static void add(double[] x, double[] y) {
        Arrays.setAll(x, i -> x[i] + y[i]);
    }
}
