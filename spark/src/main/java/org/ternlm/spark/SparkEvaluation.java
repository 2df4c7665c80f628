package org.ternlm.spark;

import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.ternlm.command.CommandException;
import org.ternlm.eval.measure.Answer;
import org.ternlm.eval.measure.ItemResult;
import org.ternlm.eval.measure.TaskResult;
import org.ternlm.eval.measure.TaskRun;
import org.ternlm.eval.task.Item;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Prompt;
import org.ternlm.eval.task.PromptStyle;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;

/// The tasks of `tern eval` on a cluster, with the same numbers: the driver words the questions and counts, executors score.
/// Safe for several threads.
public final class SparkEvaluation {
    private static final StructType QUESTION = new StructType().add("number", DataTypes.IntegerType).add("contexts",
            DataTypes.createArrayType(DataTypes.StringType)).add("continuations",
                    DataTypes.createArrayType(
                            DataTypes.StringType));
    /// Items of a partition where nobody says how many partitions.
    private static final int ITEMS = 64;
    /// Places in what comes back.
    private static final int ERROR = 4;
    private static final int NUMBER = 5;

    private final SparkSession session;
    private final TernSpark tern;
    private final Style style;
    private final boolean unconditional;

    /// @param unconditional whether answers are asked without their questions as well
    public SparkEvaluation(SparkSession session, TernSpark tern, Style style, boolean unconditional) {
        this.session = session;
        this.tern = tern;
        this.style = style;
        this.unconditional = unconditional;
    }

    /// Asks all items.
    ///
    /// @param items of the selected task, at least one
    /// @param shots examples that stand before each
    /// @throws CommandException if an item cannot be asked
    public TaskResult run(Selection selection, List<Item> items, List<String> shots) {
        PromptStyle wording = selection.task().style(style);
        List<Measure> measures = TaskRun.measures(selection, style, unconditional);
        List<List<Prompt>> questions = new ArrayList<>(items.stream().map(item -> wording.prompts(item, shots))
                .toList());
        boolean alsoWithout = measures.contains(Measure.UNCONDITIONAL);
        if (alsoWithout) {
            items.forEach(item -> questions.add(wording.unconditionalPrompts(item)));
        }
        List<Row> scored = scored(questions);
        for (int i = 0; i < scored.size(); i++) {
            if (!scored.get(i).isNullAt(ERROR)) {
                throw new CommandException("%s, item %s: %s".formatted(selection.label(), items.get(i % items.size())
                        .id(), scored.get(i).getString(ERROR)));
            }
        }
        List<ItemResult> results = new ArrayList<>();
        for (int i = 0; i < items.size(); i++) {
            List<Double> without = alsoWithout ? scored.get(items.size() + i).getList(0) : List.of();
            boolean isTooLong = scored.get(i).getList(0).isEmpty() || alsoWithout && without.isEmpty();
            results.add(isTooLong
                    ? ItemResult.tooLong(items.get(i))
                    : result(items.get(i), scored.get(i), without));
        }
        return TaskResult.of(selection, measures, results);
    }

    private List<Row> scored(List<List<Prompt>> questions) {
        List<Row> rows = new ArrayList<>();
        for (List<Prompt> prompts : questions) {
            rows.add(RowFactory.create(rows.size(), Cells.list(prompts.stream().map(Prompt::context).toList()), Cells
                    .list(prompts.stream().map(Prompt::continuation).toList())));
        }
        Dataset<Row> frame = session.createDataFrame(rows, QUESTION).repartition(Math.ceilDiv(rows.size(), ITEMS));
        List<Row> found = tern.extended(frame, new EvaluationTask(1, 2), "", OnError.ROW).select("sums", "tokens",
                "greedy", "cut", "error", "number").collectAsList();
        List<Row> ordered = new ArrayList<>(found);
        found.forEach(row -> ordered.set(row.getInt(NUMBER), row));
        return ordered;
    }

    private static ItemResult result(Item item, Row scored, List<Double> without) {
        List<Double> sums = scored.getList(0);
        List<Integer> tokens = scored.getList(1);
        List<Boolean> greedy = scored.getList(2);
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < sums.size(); i++) {
            answers.add(new Answer(item.choices().get(i), sums.get(i), tokens.get(i), greedy.get(i), without.isEmpty()
                    ? null
                    : without.get(i)));
        }
        return new ItemResult(item, answers, scored.getBoolean(3));
    }
}
