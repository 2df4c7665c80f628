package org.ternlm.model;

import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TernaryMatrix;

/// Compares a model that was written with the one that it was made of, tensor by tensor: ternary codes must be the same,
/// scales and numbers within the precision of their type.
public final class ModelComparison {
    private final ModelSource source;
    private final WeightChoice weights;
    private final ModelSource copy;
    private final LongConsumer progress;
    private long codes;
    private long numbers;

    /// What has been found to agree.
    ///
    /// @param codes ternary weights, all the same
    /// @param numbers within the precision of their types
    public record Agreement(long codes, long numbers) {}

    private ModelComparison(ModelSource source, boolean rounds, ModelSource copy, LongConsumer progress) {
        this.source = source;
        this.weights = new WeightChoice(source, rounds);
        this.copy = copy;
        this.progress = progress;
    }

    /// Compares everything.
    ///
    /// @param rounds whether real weights were rounded to ternary ones
    /// @param types the type of linear layers; where these are not ternary, `dense` is
    /// @param progress is told of weights that have been compared
    /// @throws ModelFormatException naming the first place where `copy` is not what was written
    public static Agreement compare(ModelSource source, boolean rounds, ModelSource copy, GgufModelWriter.Types types,
            LongConsumer progress) {
        ModelComparison comparison = new ModelComparison(source, rounds, copy, progress);
        comparison.compare(types);
        return new Agreement(comparison.codes, comparison.numbers);
    }

    private void compare(GgufModelWriter.Types types) {
        ModelConfig config = source.config();
        if (!config.arithmetic().equals(copy.config().arithmetic())) {
            throw wrong("configuration", config.arithmetic(), copy.config().arithmetic());
        }
        compare("rotary factors", GgufConfigWriter.divisors(config), GgufConfigWriter.divisors(copy.config()));
        compare("embedding", source.embedding(), copy.embedding(), types.embedding());
        Optional<DenseMatrix> head = source.head();
        Optional<DenseMatrix> copiedHead = copy.head();
        if (head.isPresent() && copiedHead.isPresent()) {
            compare("head", head.get(), copiedHead.get(), types.embedding());
        }
        compare("norm", source.norm(), copy.norm());
        for (int i = 0; i < config.layers(); i++) {
            for (NormRole role : NormRole.values()) {
                compare("layer " + i + ", norm " + role, source.norm(i, role), copy.norm(i, role));
            }
            for (LinearRole role : LinearRole.values()) {
                compare("layer %d, input norm of %s".formatted(i, role), source.inputNorm(i, role), copy.inputNorm(i,
                        role));
                try (Arena arena = Arena.ofConfined()) {
                    compare("layer %d, %s".formatted(i, role), weights.linear(i, role, arena), copy.linear(i, role,
                            arena), types);
                }
            }
        }
        copy.checkNothingLeft();
    }

    private void compare(String place, float[] expected, float[] found) {
        int at = Arrays.mismatch(expected, found);
        if (at >= 0) {
            throw wrong(place + "[" + at + "]", at < expected.length ? expected[at] : "an end", at < found.length
                    ? found[at]
                    : "an end");
        }
        numbers += expected.length;
    }

    private void compare(String place, DenseMatrix expected, DenseMatrix found, GgufType type) {
        compare(place, expected.rows(), expected.columns(), expected::decodeRow, found::decodeRow,
                Precision.of(type));
    }

    private void compare(String place, LinearWeights expected, LinearWeights found, GgufModelWriter.Types types) {
        compare(place + ", bias", expected.bias(), found.bias());
        switch (expected) {
            case LinearWeights.Ternary(TernaryMatrix matrix, var _) -> {
                if (found instanceof LinearWeights.Ternary(TernaryMatrix copied, var _)) {
                    compare(place, matrix, copied, types.linears());
                } else {
                    compare(place, matrix.rows(), matrix.columns(), WeightEncoder.rows(matrix), rows(found),
                            precision(types, types.linears(), matrix.columns()));
                }
            }
            case LinearWeights.Dense(DenseMatrix matrix, var _) -> compare(place, matrix.rows(), matrix.columns(),
                    matrix::decodeRow, rows(found),
                    precision(types, types.isTernary() ? types.dense() : types.linears(),
                            matrix.columns()));
        }
    }

    private static Precision precision(GgufModelWriter.Types types, GgufType type, int columns) {
        return types.int8Rows() ? Precision.ofInt8Rows(columns) : Precision.of(type);
    }

    private static WeightEncoder.Rows rows(LinearWeights weights) {
        return switch (weights) {
            case LinearWeights.Ternary(TernaryMatrix matrix, var _) -> WeightEncoder.rows(matrix);
            case LinearWeights.Dense(DenseMatrix matrix, var _) -> matrix::decodeRow;
        };
    }

    private void compare(String place, TernaryMatrix expected, TernaryMatrix found, GgufType type) {
        int at = Arrays.mismatch(expected.trits(), found.trits());
        if (at >= 0) {
            throw wrong("%s, row %d, column %d".formatted(place, at / expected.columns(), at % expected.columns()),
                    expected.trits()[at], found.trits()[at]);
        }
        for (int row = 0; row < expected.rows(); row++) {
            float scale = expected.weightScale(row);
            boolean same = Precision.of(type).holds(scale, found.weightScale(row), Math.abs(scale));
            // The scale of nothing but zeros is lost in some layouts.
            if (!same && !isZero(expected, row)) {
                throw wrong("%s, scale of row %d".formatted(place, row), scale, found.weightScale(row));
            }
        }
        codes += expected.trits().length;
        progress.accept(expected.trits().length);
    }

    private static boolean isZero(TernaryMatrix matrix, int row) {
        for (int i = row * matrix.columns(); i < (row + 1) * matrix.columns(); i++) {
            if (matrix.trits()[i] != 0) {
                return false;
            }
        }
        return true;
    }

    private void compare(String place, long rows, int columns, WeightEncoder.Rows expected, WeightEncoder.Rows found,
            Precision precision) {
        float[] wanted = new float[columns];
        float[] got = new float[columns];
        for (int row = 0; row < rows; row++) {
            expected.read(row, wanted, 0);
            found.read(row, got, 0);
            int at = precision.firstOff(wanted, got);
            if (at >= 0) {
                throw wrong("%s, row %d, column %d".formatted(place, row, at), wanted[at], got[at]);
            }
            numbers += columns;
            progress.accept(columns);
        }
    }

    private ModelFormatException wrong(String place, Object expected, Object found) {
        return ModelFormatException.in(copy.configPath()).at(place).expected(expected + ", as in " + source
                .configPath()).found(found).problem();
    }
}
