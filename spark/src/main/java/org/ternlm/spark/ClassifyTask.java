package org.ternlm.spark;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructField;
import org.ternlm.eval.measure.Answer;
import org.ternlm.eval.task.Measure;
import org.ternlm.generate.Continuation;
import org.ternlm.generate.Score;

/// Which label follows a text best; of equal ones the first. What a text's labels have in common passes the model once.
///
/// @param text the place of its column
/// @param labels the same for each row; empty if a column has them
/// @param labelColumn the place of that, or -1
record ClassifyTask(int text, List<String> labels, int labelColumn, Measure measure) implements RowTask {
    @Override
    public StructField[] columns() {
        return new StructField[] {Cells.added("label", DataTypes.StringType), Cells.added("scores", DataTypes
                .createArrayType(DataTypes.DoubleType, false))};
    }

    @Override
    public Pending ask(ExecutorModel model, Row row) {
        String asked = Cells.text(row, text, "the text");
        List<String> offered = labelColumn < 0 ? labels : Cells.texts(row, labelColumn, "labels");
        List<Continuation> choices = Choices.of(model.tern(), Collections.nCopies(offered.size(), asked), offered);
        int most = model.scorer().longestContinuation();
        for (Continuation choice : choices) {
            if (choice.length() > most) {
                throw new RowException("text and label have %d tokens, the context holds %d".formatted(choice.length(),
                        most));
            }
        }
        return new Pending.Known(answer(offered, choices, model.scorer().scoreTogether(choices)));
    }

    private Pending.Answer answer(List<String> offered, List<Continuation> choices, List<Score> scores) {
        List<Double> values = new ArrayList<>();
        int best = 0;
        for (int i = 0; i < scores.size(); i++) {
            Score score = scores.get(i);
            values.add(new Answer(offered.get(i).stripLeading(), score.sum(), score.logProbabilities().length, score
                    .greedy(), null).value(measure));
            best = values.get(i) > values.get(best) ? i : best;
        }
        return new Pending.Answer(new Object[] {offered.get(best), Cells.list(values)}, Choices.tokens(choices), 0);
    }
}
