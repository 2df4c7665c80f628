package org.ternlm.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.ternlm.eval.measure.TaskRun;
import org.ternlm.generate.Continuation;
import org.ternlm.generate.Score;

/// What the model thinks of the answers to one item, scored as [org.ternlm.eval.measure.TaskRun] does: what is too long loses
/// its beginning, and where an answer alone is too long, there are no numbers.
///
/// @param contexts the place of the column of what stands before each answer
/// @param continuations the place of the column of the answers
record EvaluationTask(int contexts, int continuations) implements RowTask {
    @Override
    public StructField[] columns() {
        return new StructField[] {Cells.added("sums", DataTypes.createArrayType(DataTypes.DoubleType, false)),
                Cells.added("tokens", DataTypes.createArrayType(DataTypes.IntegerType, false)),
                Cells.added("greedy", DataTypes.createArrayType(DataTypes.BooleanType, false)),
                Cells.added("cut", DataTypes.BooleanType)};
    }

    @Override
    public Pending ask(ExecutorModel model, Row row) {
        List<Continuation> asked = Choices.of(model.tern(), Cells.texts(row, contexts, "contexts"), Cells.texts(row,
                continuations, "continuations"));
        List<Continuation> fitted = TaskRun.fitted(asked, model.scorer());
        List<Double> sums = new ArrayList<>();
        List<Integer> tokens = new ArrayList<>();
        List<Boolean> greedy = new ArrayList<>();
        for (Score score : model.scorer().scoreTogether(fitted)) {
            sums.add(score.sum());
            tokens.add(score.logProbabilities().length);
            greedy.add(score.greedy());
        }
        return new Pending.Known(new Pending.Answer(new Object[] {Cells.list(sums), Cells.list(tokens), Cells.list(
                greedy), !fitted.isEmpty() && !fitted.equals(asked)}, Choices.tokens(fitted), 0));
    }
}
