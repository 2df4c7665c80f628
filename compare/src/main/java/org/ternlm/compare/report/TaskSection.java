package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.compare.step.Kind;

/// Accuracies in the layout of the paper's table 2.
record TaskSection(Findings findings) {
    /// Columns of the paper, and what `tern eval` calls them.
    private static final Map<String, String> COLUMNS = columns();

    private static Map<String, String> columns() {
        Map<String, String> columns = new LinkedHashMap<>();
        columns.put("ARCe", "arc_easy");
        columns.put("ARCc", "arc_challenge");
        columns.put("HS", "hellaswag");
        columns.put("BQ", "boolq");
        columns.put("OQ", "openbookqa");
        columns.put("PQ", "piqa");
        columns.put("WGe", "winogrande");
        return columns;
    }

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Accuracy"));
        boolean any = false;
        for (String set : findings.sets()) {
            List<Model> models = findings.models(set).stream().filter(model -> !tasks(model).isEmpty()).toList();
            if (!models.isEmpty()) {
                blocks.add(table(set, models));
                any = true;
            }
        }
        if (!any) {
            blocks.add(new Block.Text(
                    "Not measured: the configuration names no tasks, or tern eval could not do them. With tasks.names: [paper] and tasks.data it is."));
        }
        List<String> headings = headings();
        blocks.add(new Block.Table("For comparison: zero-shot accuracy in " + Paper.NAME, headings, Paper.ACCURACIES,
                "Percent, measured by its authors (table 2), of models trained on 100 billion tokens."));
        return blocks;
    }

    private static List<String> headings() {
        List<String> headings = new ArrayList<>(List.of("model"));
        headings.addAll(COLUMNS.keySet());
        headings.add("Avg");
        return headings;
    }

    private static Map<String, JsonNode> tasks(Model model) {
        Map<String, JsonNode> tasks = new LinkedHashMap<>();
        model.values(Kind.TASKS).path("models").path(0).path("tasks")
                .forEach(task -> tasks.put(task.path("task").asText(),
                        task));
        return tasks;
    }

    private Block table(String set, List<Model> models) {
        List<List<String>> rows = new ArrayList<>();
        models.forEach(model -> rows.add(row(model.title(), tasks(model), false)));
        rows.add(row("chance", tasks(models.getFirst()), true));
        JsonNode setup = models.getFirst().values(Kind.TASKS).path("setup");
        return new Block.Table("Zero-shot accuracy in percent, " + findings.title(set), headings(), rows,
                "Prompts of style %s, %s; in brackets Wilson's 95 %% interval. An interval that holds the chance line says that nothing was learnt of a task. tasks-%s-*.json"
                        .formatted(setup.path("style").asText(), setup.has("limit")
                                ? "the first " + setup.path("limit").asText() + " items of each task only"
                                : "all items", set));
    }

    private static List<String> row(String title, Map<String, JsonNode> tasks, boolean chance) {
        List<String> row = new ArrayList<>(List.of(title));
        double sum = 0;
        int count = 0;
        for (String name : COLUMNS.values()) {
            JsonNode task = tasks.get(name);
            if (task == null) {
                row.add(Numbers.NONE);
                continue;
            }
            JsonNode measure = task.path("measures").path(task.path("primary").asText());
            double value = 100 * (chance ? task.path("chance") : measure.path("value")).asDouble();
            row.add(chance
                    ? Numbers.fixed(value, 1)
                    : "%s [%s, %s]".formatted(Numbers.fixed(value, 1), Numbers.fixed(100
                            * measure.path("low").asDouble(), 1),
                            Numbers.fixed(100 * measure.path("high").asDouble(), 1)));
            sum += value;
            count++;
        }
        row.add(count == COLUMNS.size() ? Numbers.fixed(sum / count, 1) : Numbers.NONE);
        return row;
    }
}
