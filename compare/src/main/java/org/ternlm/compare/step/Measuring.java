package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Measures;

/// What is measured of a model, whichever it is.
///
/// @param experiment it belongs to
record Measuring(Experiment experiment) {
    private static final JsonMapper JSON = new JsonMapper();
    private static final Pattern CONVERSION_TIME = Pattern.compile("bytes in ([0-9.]+) s");

    /// Converts a model, and adds `bytes` of the weights and `conversion_seconds` to `values`.
    void convert(Desk desk, Path in, Path out, List<String> options, ObjectNode values) throws IOException {
        Files.createDirectories(out.toAbsolutePath().resolveSibling(""));
        List<String> arguments = new ArrayList<>(List.of("convert", in.toString(), out.toString(), "--force"));
        arguments.addAll(options);
        Program.Outcome outcome = desk.tern(arguments);
        Matcher time = CONVERSION_TIME.matcher(Files.readString(outcome.errors()));
        if (time.find()) {
            values.put("conversion_seconds", Double.parseDouble(time.group(1)));
        }
        values.put("bytes", Folders.weightBytes(out));
    }

    /// Scores the documents: adds `nats`, the negative log-probability of each document, and `tokens`, how many were
    /// scored.
    void score(Desk desk, Path model, ObjectNode values) throws IOException {
        Program.Outcome outcome = desk.tern(desk.withThreads(List.of("score", "-m", model.toString(), "--window",
                "--file", DocumentSplit.scored(experiment).toString())));
        ArrayNode nats = values.putArray("nats");
        ArrayNode tokens = values.putArray("tokens");
        for (String line : Files.readAllLines(outcome.out())) {
            JsonNode scored = JSON.readTree(line);
            int count = 0;
            double sum = 0;
            for (JsonNode logarithm : scored.path("logprobs")) {
                if (logarithm.isNumber()) {
                    count++;
                    sum -= logarithm.asDouble();
                }
            }
            nats.add(sum);
            tokens.add(count);
        }
        int expected = desk.needed(PrepareStep.ID).values().path("bytes").size();
        if (nats.size() != expected) {
            throw new StepFailedException(
                    "%s: expected %d scored documents, found %d".formatted(outcome.out(), expected,
                            nats.size()));
        }
    }

    /// Times prompts, and generation at each number of sequences; what `tern bench --json` says.
    ObjectNode bench(Desk desk, Path model) throws IOException {
        Measures measures = experiment.measures();
        return (ObjectNode) desk.json(desk.withThreads(List.of("bench", "-m", model.toString(), "-p", Integer.toString(
                measures.prompt()), "-n", Integer.toString(measures.generated()), "--batch",
                measures.batches().stream()
                        .map(String::valueOf).collect(Collectors.joining(",")),
                "--repeat", Integer.toString(measures
                        .repeat()),
                "--json")));
    }

    /// What parts of a token take, and the shares of the down projections' inputs that are not 0.
    ObjectNode profile(Desk desk, Path model) throws IOException {
        return (ObjectNode) desk.json(desk.withThreads(List.of("bench", "-m", model.toString(), "-p", "0", "-n", Integer
                .toString(experiment.measures().generated()), "--repeat", "1", "--profile", "--json")));
    }

    /// The weights, their kinds and shares; without the list of tensors.
    static ObjectNode inspect(Desk desk, Path model) throws IOException {
        ObjectNode found = (ObjectNode) desk.json(List.of("inspect", model.toString(), "--json"));
        found.remove(List.of("tensors", "path"));
        return found;
    }

    /// An empty object.
    static ObjectNode values() {
        return JsonNodeFactory.instance.objectNode();
    }
}
