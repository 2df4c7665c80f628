package org.ternlm.train.torch;

import org.ternlm.model.ModelConfig;

/// Rotary positions and causal attention with grouped queries on a [Tape]: sequences of `length` tokens lie one after
/// the other in the rows, heads one after the other in the columns.
///
/// @param config the shape
/// @param length tokens in a sequence
/// @param tape where operations are noted
record ReferenceAttention(ModelConfig config, int length, Tape tape) {

    /// Turns the pair (i, i + headSize/2) of every head by position · θ^(-2i/headSize); backwards by the same angle the
    /// other way round.
    Matrix rotate(Matrix x) {
        Matrix y = new Matrix(x.rows(), x.columns());
        turn(x.values(), y.values(), x.columns(), 1);
        tape.onBackward(() -> turn(y.gradient(), x.gradient(), x.columns(), -1));
        return y;
    }

    private void turn(double[] source, double[] target, int columns, int direction) {
        int size = config.headSize();
        for (int t = 0; t < source.length / columns; t++) {
            for (int head = 0; head < columns / size; head++) {
                for (int i = 0; i < size / 2; i++) {
                    double angle = direction * (t % length) * frequency(i);
                    int a = t * columns + head * size + i;
                    int b = a + size / 2;
                    target[a] += source[a] * Math.cos(angle) - source[b] * Math.sin(angle);
                    target[b] += source[b] * Math.cos(angle) + source[a] * Math.sin(angle);
                }
            }
        }
    }

    private double frequency(int i) {
        double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headSize());
        return frequency * config.ropeScaling().frequencyFactor(i, frequency);
    }

    /// Σ over s ≤ t of softmax(q_t · k_s / √headSize) · v_s, for each head; key-value head j serves the query heads
    /// j·g … j·g + g - 1 of its group.
    Matrix attend(Matrix query, Matrix key, Matrix value) {
        Matrix y = new Matrix(query.rows(), query.columns());
        int group = config.heads() / config.keyValueHeads();
        for (int t = 0; t < query.rows(); t++) {
            for (int head = 0; head < config.heads(); head++) {
                attend(query, key, value, y, t, head * config.headSize(), head / group * config.headSize());
            }
        }
        return y;
    }

    private void attend(Matrix query, Matrix key, Matrix value, Matrix y, int t, int from, int shared) {
        int size = config.headSize();
        int first = t - t % length;
        double[] share = new double[t - first + 1];
        double sum = 0;
        for (int s = 0; s < share.length; s++) {
            double score = 0;
            for (int i = 0; i < size; i++) {
                score += query.at(t, from + i) * key.at(first + s, shared + i);
            }
            share[s] = Math.exp(score / Math.sqrt(size));
            sum += share[s];
        }
        for (int s = 0; s < share.length; s++) {
            share[s] /= sum;
            for (int i = 0; i < size; i++) {
                y.values()[t * y.columns() + from + i] += share[s] * value.at(first + s, shared + i);
            }
        }
        tape.onBackward(() -> back(query, key, value, y, t, from, shared, share));
    }

    /// With p the shares: dv_s = p_s·dy, dp_s = dy·v_s, dscore_s = p_s·(dp_s - Σ p·dp).
    private void back(Matrix query, Matrix key, Matrix value, Matrix y, int t, int from, int shared, double[] share) {
        int size = config.headSize();
        int first = t + 1 - share.length;
        double[] slope = new double[share.length];
        double mean = 0;
        for (int s = 0; s < share.length; s++) {
            for (int i = 0; i < size; i++) {
                double upstream = y.gradient()[t * y.columns() + from + i];
                slope[s] += upstream * value.at(first + s, shared + i);
                value.addGradient(first + s, shared + i, share[s] * upstream);
            }
            mean += share[s] * slope[s];
        }
        for (int s = 0; s < share.length; s++) {
            double score = share[s] * (slope[s] - mean) / Math.sqrt(size);
            for (int i = 0; i < size; i++) {
                query.addGradient(t, from + i, score * key.at(first + s, shared + i));
                key.addGradient(first + s, shared + i, score * query.at(t, from + i));
            }
        }
    }
}
