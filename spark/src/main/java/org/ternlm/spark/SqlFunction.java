package org.ternlm.spark;

import static org.apache.spark.sql.functions.struct;
import static org.apache.spark.sql.functions.udaf;
import static org.apache.spark.sql.functions.udf;

import java.util.List;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.task.Measure;

/// The functions that SQL gets.
enum SqlFunction {
    /// How likely the model finds a text.
    SCORE("tern_score", 1, 1, "_FUNC_(text) - nats, tokens, bytes and error of a text") {
        @Override
        Column apply(SqlSettings settings, List<Column> arguments) {
            return called(score(settings), arguments.getFirst().cast("string"));
        }
    },
    /// The perplexity of a column of texts.
    PERPLEXITY("tern_perplexity", 1, 1,
            "_FUNC_(text) - rows, errors, tokens, bytes, nats_per_token, perplexity and bits_per_byte of all texts of a group") {
        @Override
        Column apply(SqlSettings settings, List<Column> arguments) {
            SqlCall score = score(settings);
            return udaf(new PerplexityAggregator<@Nullable String>(text -> score.call(RowFactory.create(text))),
                    Encoders.STRING()).apply(arguments.getFirst().cast("string"));
        }
    },
    /// Which label follows a text best.
    CLASSIFY("tern_classify", 2, 2, "_FUNC_(text, labels) - the label of an array that follows a text best, and the "
            + "logarithm of the probability of each") {
        @Override
        Column apply(SqlSettings settings, List<Column> arguments) {
            return called(new SqlCall(settings.model(), new ClassifyTask(0, List.of(), 1, Measure.RAW), settings
                    .onError(), settings.metrics()), arguments.get(0).cast("string"), arguments.get(1).cast(
                            "array<string>"));
        }
    },
    /// How the model continues a prompt.
    GENERATE("tern_generate", 1, 4, "_FUNC_(prompt[, max_tokens[, temperature[, key]]]) - generated, finish_reason, "
            + "prompt_tokens, generated_tokens and error; max_tokens (256) and temperature (0) are constants, rows of "
            + "different keys (the prompts) are drawn differently") {
        @Override
        Column apply(SqlSettings settings, List<Column> arguments) {
            GenerateOptions options = GenerateOptions.of("prompt").withSeed(settings.seed());
            if (arguments.size() > 1) {
                options = options.withMaxTokens(Catalyst.constant(arguments.get(1), "max_tokens").intValueExact());
            }
            if (arguments.size() > 2) {
                options = options.withTemperature(Catalyst.constant(arguments.get(2), "temperature").doubleValue());
            }
            Column key = arguments.size() > 3 ? arguments.get(3) : arguments.getFirst();
            return called(new SqlCall(settings.model(), new GenerateTask(0, 1, options), settings.onError(), settings
                    .metrics()), arguments.getFirst().cast("string"), key.cast("string"));
        }
    };

    private final String sqlName;
    private final int fewest;
    private final int most;
    private final String usage;

    SqlFunction(String sqlName, int fewest, int most, String usage) {
        this.sqlName = sqlName;
        this.fewest = fewest;
        this.most = most;
        this.usage = usage;
    }

    /// Its name in SQL.
    String sqlName() {
        return sqlName;
    }

    /// What `DESCRIBE FUNCTION` shows; `_FUNC_` stands for the name.
    String usage() {
        return usage;
    }

    abstract Column apply(SqlSettings settings, List<Column> arguments);

    /// @throws IllegalArgumentException if the number of arguments or a constant is wrong
    Column checked(SqlSettings settings, List<Column> arguments) {
        if (arguments.size() < fewest || arguments.size() > most) {
            throw new IllegalArgumentException("%s: expected %s, found %d arguments".formatted(sqlName, fewest == most
                    ? fewest
                    : fewest + " to " + most, arguments.size()));
        }
        return apply(settings, arguments);
    }

    private static SqlCall score(SqlSettings settings) {
        return new SqlCall(settings.model(), new ScoreTask(0, false, false), settings.onError(), settings.metrics());
    }

    private static Column called(SqlCall call, Column... arguments) {
        return udf(call, call.type()).apply(struct(arguments));
    }
}
