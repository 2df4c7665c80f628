package org.ternlm.compare.shipped;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import org.ternlm.command.Unit;
import org.ternlm.eval.report.Table;

/// The results side by side, and the texts.
public final class ShippedReport {
    private static final JsonMapper JSON = new JsonMapper();
    /// Columns of a printed text.
    private static final int WIDTH = 100;

    private ShippedReport() {}

    /// For a person to read.
    public static List<String> lines(ShippedComparison.Request request, List<ShippedResult> results) {
        List<String> lines = new ArrayList<>();
        long tokens = results.getFirst().loss().nats().count();
        lines.add(String.format(Locale.ROOT,
                "One shape, the same texts in the same order, other linear layers. %d stories that none of them saw, %,d tokens; %d threads.",
                request.stories(), tokens, request.threads()));
        lines.add("");
        lines.addAll(table(results).plain());
        for (ShippedResult result : results) {
            lines.add("");
            lines.add(result.model().label() + ":");
            lines.addAll(wrapped(request.prompt() + result.text()));
        }
        return lines;
    }

    private static Table table(List<ShippedResult> results) {
        List<String> heads = new ArrayList<>(List.of(""));
        results.forEach(result -> heads.add(result.model().label()));
        Table table = new Table(heads);
        row(table, results, "nats a token", result -> "%.3f ± %.3f".formatted(result.loss().nats().value(), result
                .loss().nats().standardError()));
        row(table, results, "bits a byte", result -> "%.3f".formatted(result.loss().bitsPerByte()));
        row(table, results, "file", result -> Unit.BYTES.amount(result.fileBytes()));
        row(table, results, "weights read for a token", result -> Unit.BYTES.amount(result.bytesPerToken()));
        row(table, results, "ms a token", result -> "%.3f".formatted(result.milliseconds().median()));
        row(table, results, "  fastest to slowest round", result -> "%.3f to %.3f".formatted(result.milliseconds()
                .fastest(), result.milliseconds().slowest()));
        return table;
    }

    private static void row(Table table, List<ShippedResult> results, String name,
            Function<ShippedResult, String> value) {
        List<String> row = new ArrayList<>(List.of(name));
        results.forEach(result -> row.add(value.apply(result)));
        table.add(row);
    }

    private static List<String> wrapped(String text) {
        List<String> lines = new ArrayList<>();
        for (String paragraph : text.split("\n+")) {
            StringBuilder line = new StringBuilder(" ");
            for (String word : paragraph.strip().split("\\s+")) {
                if (line.length() + 1 + word.length() > WIDTH) {
                    lines.add(line.toString());
                    line = new StringBuilder(" ");
                }
                line.append(' ').append(word);
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /// For a program to read.
    public static String json(ShippedComparison.Request request, List<ShippedResult> results) {
        ObjectNode root = JSON.createObjectNode();
        root.put("prompt", request.prompt()).put("seed", request.seed()).put("stories", request.stories()).put(
                "rounds", request.rounds()).put("threads", request.threads());
        var models = root.putArray("models");
        for (ShippedResult result : results) {
            ObjectNode node = models.addObject().put("model", result.model().label()).put("file", result.model().path()
                    .getFileName().toString()).put("fileBytes", result.fileBytes()).put("bytesPerToken", result
                            .bytesPerToken());
            node.put("tokens", result.loss().nats().count()).put("natsPerToken", result.loss().nats().value()).put(
                    "standardError", result.loss().nats().standardError()).put("bitsPerByte",
                            result.loss()
                                    .bitsPerByte());
            node.putObject("millisecondsPerToken").put("fastest", result.milliseconds().fastest()).put("median", result
                    .milliseconds().median()).put("slowest", result.milliseconds().slowest());
            node.put("text", result.text());
        }
        return root.toPrettyString();
    }
}
