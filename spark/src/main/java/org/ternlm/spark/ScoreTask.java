package org.ternlm.spark;

import java.util.Arrays;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.ternlm.eval.measure.ScoredBytes;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Score;
import org.ternlm.tokenizer.Tokenizer;

/// How likely the model finds a text.
///
/// @param text the place of its column
/// @param logProbabilities whether each token's is wanted
/// @param windows whether long texts are scored in windows
record ScoreTask(int text, boolean logProbabilities, boolean windows) implements RowTask {
    @Override
    public StructField[] columns() {
        StructField[] columns = {Cells.added("nats", DataTypes.DoubleType), Cells.added("tokens",
                DataTypes.IntegerType), Cells.added("bytes", DataTypes.LongType),
                Cells.added("logprobs", DataTypes.createArrayType(DataTypes.DoubleType, false))};
        return logProbabilities ? columns : Arrays.copyOf(columns, columns.length - 1);
    }

    @Override
    public Pending ask(ExecutorModel model, Row row) {
        String asked = Cells.text(row, text, "the text");
        Tokenizer tokenizer = model.tern().tokenizer();
        int[] tokens = tokenizer.encode(asked, true);
        if (tokens.length == 0) {
            throw new RowException("the text has no token");
        }
        int context = model.scorer().contextLength();
        if (tokens.length > context && !windows) {
            throw new RowException("the text has %d tokens, the context holds %d".formatted(tokens.length, context));
        }
        long bytes = ScoredBytes.of(asked) - ScoredBytes.unscored(tokenizer, asked, tokens, allButFirst(tokens.length));
        double[] found = new double[tokens.length - 1];
        if (tokens.length == 1) {
            return new Pending.Known(answer(found, tokens.length, bytes));
        }
        if (tokens.length > context) {
            return new Pending.Known(answer(model.scorer().scoreInWindows(tokens).logProbabilities(), tokens.length,
                    bytes));
        }
        GenerationRequest request = GenerationRequest.of(tokens).withMaxTokens(0).withPromptLogProbabilities(true);
        return new Pending.Submitted(model.scheduler().submit(request, event -> {
            if (event instanceof GenerationEvent.PromptScored scored) {
                found[scored.index() - 1] = scored.logProbability();
            }
        }), passed -> answer(found, tokens.length, bytes));
    }

    private static boolean[] allButFirst(int length) {
        boolean[] scored = new boolean[length];
        Arrays.fill(scored, 1, length, true);
        return scored;
    }

    private Pending.Answer answer(double[] found, int tokens, long bytes) {
        double nats = 0 - new Score(found, false).sum();
        return new Pending.Answer(logProbabilities
                ? new Object[] {nats, found.length, bytes, Cells.list(Arrays.stream(found).boxed().toList())}
                : new Object[] {nats, found.length, bytes}, tokens, 0);
    }
}
