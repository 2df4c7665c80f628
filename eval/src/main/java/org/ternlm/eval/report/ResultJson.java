package org.ternlm.eval.report;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ternlm.eval.measure.DivergenceResult;
import org.ternlm.eval.measure.Interval;
import org.ternlm.eval.measure.Mean;
import org.ternlm.eval.measure.Share;
import org.ternlm.eval.measure.TaskResult;
import org.ternlm.eval.measure.TextLoss;
import org.ternlm.eval.report.Results.OfModel;
import org.ternlm.eval.report.Results.OfText;
import org.ternlm.eval.task.Measure;
import org.ternlm.eval.task.Style;

/// Results as one JSON object, without the items.
public final class ResultJson {
    private static final JsonMapper JSON = new JsonMapper();

    private ResultJson() {}

    /// The object, over several lines.
    public static String of(Results results) {
        ObjectNode root = JSON.createObjectNode();
        ObjectNode setup = root.putObject("setup").put("style", results.setup().style().label()).put("shots", results
                .setup().shots());
        if (results.setup().limit() != null) {
            setup.put("limit", results.setup().limit());
        }
        var models = root.putArray("models");
        for (OfModel model : results.models()) {
            ObjectNode node = models.addObject().put("model", model.name()).put("seconds", rounded(model.seconds()));
            var tasks = node.putArray("tasks");
            model.tasks().forEach(task -> task(tasks.addObject(), task, results.setup().style()));
            var texts = node.putArray("texts");
            model.texts().forEach(text -> text(texts.addObject(), text));
        }
        return root.toPrettyString();
    }

    private static void task(ObjectNode node, TaskResult result, Style style) {
        node.put("task", result.selection().label()).put("items", result.items()).put("cut", result.cut())
                .put("tooLong", result.tooLong()).put(
                        "chance", result.chance())
                .put("primary", result.selection().task().style(style).primary().label());
        ObjectNode measures = node.putObject("measures");
        for (Measure measure : result.measures()) {
            share(measures.putObject(measure.label()), result.shares().get(measure));
        }
        Mean lastWord = result.lastWord();
        if (lastWord != null) {
            ObjectNode perplexity = node.putObject("perplexity").put("value", Math.exp(lastWord.value()));
            number(perplexity, "standardError", Math.exp(lastWord.value()) * lastWord.standardError());
            mean(node.putObject("nats"), lastWord);
        }
    }

    private static void text(ObjectNode node, OfText text) {
        TextLoss loss = text.loss();
        node.put("text", text.name()).put("way", text.way()).put("tokens", loss.nats().count()).put("bytes", loss
                .bytes());
        mean(node.putObject("nats"), loss.nats());
        node.put("perplexity", loss.perplexity()).put("bitsPerByte", loss.bitsPerByte());
        number(node, "perplexityError", loss.perplexityError());
        number(node, "bitsPerByteError", loss.bitsPerByteError());
        if (loss.words() > 0) {
            node.put("words", loss.words()).put("wordPerplexity", loss.wordPerplexity());
        }
        DivergenceResult divergence = text.divergence();
        if (divergence != null) {
            ObjectNode inner = node.putObject("divergence").put("reference", text.reference()).put("largest",
                    divergence.largest());
            mean(inner.putObject("nats"), divergence.nats());
            share(inner.putObject("sameTop"), divergence.sameTop());
            mean(inner.putObject("lossDifference"), divergence.lossDifference());
        }
    }

    private static void share(ObjectNode node, @Nullable Share share) {
        if (share == null) {
            return;
        }
        node.put("value", share.value()).put("right", share.right()).put("count", share.count());
        number(node, "standardError", share.standardError());
        interval(node, share.interval());
    }

    private static void mean(ObjectNode node, Mean mean) {
        node.put("value", mean.value());
        number(node, "standardError", mean.standardError());
        if (mean.count() > 1) {
            interval(node, mean.interval());
        }
    }

    private static void interval(ObjectNode node, Interval interval) {
        node.put("low", interval.low()).put("high", interval.high());
    }

    /// JSON has no word for what is not a number: then the field is missing.
    private static void number(ObjectNode node, String name, double value) {
        if (Double.isFinite(value)) {
            node.put(name, value);
        }
    }

    private static double rounded(double seconds) {
        return Double.parseDouble(String.format(Locale.ROOT, "%.1f", seconds));
    }
}
