package org.ternlm.compare.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/// A report as JSON, for programs: answers, tables, and the points of charts.
///
/// @param title of the page
/// @param blocks what it says
/// @param models figures of each model
record JsonPage(String title, List<Block> blocks, ArrayNode models) {
    private static final JsonMapper JSON = new JsonMapper();

    String write() {
        ObjectNode page = JSON.createObjectNode();
        page.put("title", title);
        page.set("models", models);
        ArrayNode answers = page.putArray("answers");
        ArrayNode tables = page.putArray("tables");
        ArrayNode charts = page.putArray("charts");
        String section = "";
        for (Block block : blocks) {
            switch (block) {
                case Block.Heading heading -> section = heading.title();
                case Block.Answer answer -> {
                    ObjectNode node = answers.addObject().put("question", answer.question())
                            .put("verdict", answer.verdict())
                            .put("figures", answer.figures());
                    answer.files().forEach(node.putArray("files")::add);
                }
                case Block.Table table -> table(tables.addObject().put("section", section), table);
                case Block.Figure figure ->
                    picture(charts.addObject().put("section", section).put("name", figure.name()),
                            figure.picture());
                case Block.Text text -> {
                }
                case Block.Lines lines -> {
                }
            }
        }
        try {
            return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(page) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void table(ObjectNode node, Block.Table table) {
        node.put("title", table.title());
        table.columns().forEach(node.putArray("columns")::add);
        ArrayNode rows = node.putArray("rows");
        table.rows().forEach(row -> row.forEach(rows.addArray()::add));
        node.put("note", table.note());
    }

    private static void picture(ObjectNode node, Picture picture) {
        node.put("title", picture.title());
        ArrayNode series = node.putArray("series");
        switch (picture) {
            case Picture.Chart chart -> chart.series().forEach(one -> {
                ArrayNode points = series.addObject().put("name", one.name()).putArray("points");
                one.points().forEach(point -> points.addArray().add(point.x()).add(point.y()));
            });
            case Picture.Bars bars -> bars.bars().forEach(bar -> bar.shares().forEach(series.addObject().put("name", bar
                    .label()).putArray("shares")::add));
        }
    }
}
