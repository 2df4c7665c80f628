package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.figure.Interval;
import org.ternlm.compare.step.Kind;

/// The figures of each model as plain numbers, for programs. What was not measured is left out.
record ModelsJson(Findings findings) {

    ArrayNode write() {
        ArrayNode models = JsonNodeFactory.instance.arrayNode();
        for (String set : findings.sets()) {
            for (String size : findings.sizes()) {
                for (Arm arm : findings.arms()) {
                    findings.seeds().forEach(seed -> write(models, findings.model(set, size, arm, seed)));
                }
            }
        }
        return models;
    }

    private static void write(ArrayNode models, Model model) {
        if (!model.values(Kind.TRAIN).isObject()) {
            return;
        }
        ObjectNode node = models.addObject().put("set", model.set()).put("size", model.size())
                .put("arm", model.arm().configName())
                .put("seed", model.seed()).put("rate", model.values(Kind.TRAIN).path("rate").asDouble());
        if (!model.values(Kind.TRAIN).path("diverged").isEmpty()) {
            node.set("diverged_at", model.values(Kind.TRAIN).get("diverged"));
        }
        put(node, "weights", model.weights());
        node.put("linear_weights", model.linearWeights());
        model.loss().ifPresent(loss -> {
            interval(node.putObject("nats_per_token"), loss.perToken().mean());
            interval(node.putObject("bits_per_byte"), loss.perByte().meanBits());
        });
        put(node, "file_bytes", model.bytes());
        put(node, "read_bytes_per_token", model.timing().weightBytes());
        put(node, "peak_bytes", model.timing().peakBytes());
        put(node, "ms_per_token", model.timing().msPerToken());
        put(node, "prompt_tokens_per_second", model.timing().prompt());
        double zeros = WeightSection.mean(WeightSection.zeros(model));
        put(node, "down_zeros", Double.isNaN(zeros) ? OptionalDouble.empty() : OptionalDouble.of(zeros));
    }

    private static void put(ObjectNode node, String name, OptionalDouble value) {
        value.ifPresent(number -> node.put(name, number));
    }

    private static void interval(ObjectNode node, Interval interval) {
        node.put("value", interval.value()).put("low", interval.low()).put("high", interval.high());
    }
}
