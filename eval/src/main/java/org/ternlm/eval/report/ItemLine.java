package org.ternlm.eval.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.ternlm.eval.measure.Answer;
import org.ternlm.eval.measure.ItemResult;
import org.ternlm.eval.task.Measure;

/// One item with what a model finds of each answer, as a line of JSON.
public final class ItemLine {
    private static final JsonMapper JSON = new JsonMapper();

    private ItemLine() {}

    /// The line.
    ///
    /// @param asked how: style and examples, such as `harness, 0 shots`
    public static String of(String model, String task, String asked, ItemResult result, Iterable<Measure> measures) {
        ObjectNode root = JSON.createObjectNode().put("model", model).put("task", task).put("asked", asked).put("id",
                result.item().id()).put("gold", result.item().gold());
        if (result.cut()) {
            root.put("cut", true);
        }
        if (result.isTooLong()) {
            root.put("too_long", true);
        }
        var answers = root.putArray("answers");
        for (Answer answer : result.answers()) {
            ObjectNode node = answers.addObject().put("text", answer.text()).put("sum", answer.sum()).put("tokens",
                    answer.tokens()).put("greedy", answer.greedy());
            if (answer.unconditional() != null) {
                node.put("unconditional", answer.unconditional());
            }
        }
        ObjectNode picked = root.putObject("picked");
        measures.forEach(measure -> picked.put(measure.label(), result.picked(measure)));
        return root.toString();
    }

    /// What tells a line from all others of a file.
    public static String key(String model, String task, String asked, String id) {
        return String.join("\u0000", model, task, asked, id);
    }
}
