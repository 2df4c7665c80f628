package org.ternlm.train.torch;

import java.util.random.RandomGenerator;

/// A matrix of doubles with its gradient, row-major: what the reference computes with. A vector is a matrix of one row.
///
/// @param rows how many
/// @param columns how many
/// @param values `rows · columns`
/// @param gradient of the loss with respect to `values`, summed up by the backward pass
// The tape writes into both arrays; copies would defeat it.
@SuppressWarnings("ArrayRecordComponent")
record Matrix(int rows, int columns, double[] values, double[] gradient) {

    Matrix(int rows, int columns) {
        this(rows, columns, new double[rows * columns], new double[rows * columns]);
    }

    /// The same numbers, exactly.
    static Matrix of(int rows, int columns, float[] values) {
        Matrix matrix = new Matrix(rows, columns);
        for (int i = 0; i < values.length; i++) {
            matrix.values[i] = values[i];
        }
        return matrix;
    }

    /// Numbers that are floats, normally distributed.
    static Matrix random(int rows, int columns, double mean, double deviation, RandomGenerator random) {
        Matrix matrix = new Matrix(rows, columns);
        for (int i = 0; i < matrix.values.length; i++) {
            matrix.values[i] = (float) random.nextGaussian(mean, deviation);
        }
        return matrix;
    }

    double at(int row, int column) {
        return values[row * columns + column];
    }

    void addGradient(int row, int column, double amount) {
        gradient[row * columns + column] += amount;
    }

    /// The values, each rounded to float.
    float[] floats() {
        float[] floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }
}
