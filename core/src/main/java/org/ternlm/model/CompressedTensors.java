package org.ternlm.model;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.ternlm.format.ModelFormatException;

/// The `quantization_config` of `quant_method: "compressed-tensors"` for weights of int8 with one scale a row, as
/// transformers reads it: beside `X.weight`, I8 `[rows, columns]`, stands `X.weight_scale`, `[rows, 1]`, which multiplies.
///
/// Only this of its many forms: weights alone, symmetric, by channel, in all linear layers but the ignored ones. Rounded
/// activations would be another arithmetic, so a file that asks for them is refused.
final class CompressedTensors {
    private static final Set<String> FORMATS = Set.of("int-quantized", "naive-quantized");
    private static final Map<String, String> WEIGHTS = Map.of("num_bits", "8", "type", "int", "strategy", "channel",
            "symmetric", "true");

    private CompressedTensors() {}

    /// The modules that are not converted.
    ///
    /// @throws ModelFormatException if it says anything else than int8 weights with a scale a row
    static Set<String> ignored(JsonNode node, Path file) {
        String format = node.path("format").asText();
        if (!FORMATS.contains(format)) {
            throw refuse(file, "format", "int-quantized or naive-quantized", format);
        }
        JsonNode groups = node.path("config_groups");
        if (groups.size() != 1) {
            throw refuse(file, "config_groups", "one group", groups.size());
        }
        JsonNode group = groups.iterator().next();
        JsonNode targets = group.path("targets");
        if (targets.size() != 1 || !targets.get(0).asText().equals("Linear")) {
            throw refuse(file, "targets", "Linear alone", targets);
        }
        WEIGHTS.forEach((key, value) -> {
            String found = group.path("weights").path(key).asText();
            if (!found.equals(value)) {
                throw refuse(file, "weights." + key, value, found);
            }
        });
        for (String key : new String[] {"input_activations", "output_activations"}) {
            if (group.hasNonNull(key)) {
                throw refuse(file, key, "none: Tern rounds the weights alone", group.get(key));
            }
        }
        if (node.hasNonNull("kv_cache_scheme")) {
            throw refuse(file, "kv_cache_scheme", "none", node.get("kv_cache_scheme"));
        }
        Set<String> ignored = new HashSet<>();
        for (JsonNode name : node.path("ignore")) {
            if (name.asText().startsWith("re:")) {
                throw refuse(file, "ignore", "names of modules", name);
            }
            ignored.add(name.asText());
        }
        return ignored;
    }

    /// Writes what [#ignored] reads.
    static void put(ObjectNode node, Set<String> ignored) {
        node.put("quant_method", "compressed-tensors");
        node.put("format", "int-quantized");
        node.put("quantization_status", "compressed");
        ObjectNode group = node.putObject("config_groups").putObject("group_0");
        group.putArray("targets").add("Linear");
        group.putObject("weights").put("num_bits", 8).put("type", "int").put("strategy", "channel")
                .put("symmetric", true).put("dynamic", false);
        group.putNull("input_activations");
        group.putNull("output_activations");
        ArrayNode names = node.putArray("ignore");
        ignored.stream().filter(name -> !name.equals("lm_head")).sorted().forEach(names::add);
        names.add("lm_head");
    }

    private static ModelFormatException refuse(Path file, String key, String expected, Object found) {
        return ModelFormatException.in(file).at("quantization_config." + key).expected(expected).found(found)
                .problem();
    }
}
