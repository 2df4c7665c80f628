package org.ternlm.train.run;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.format.ModelFormatException;

/// The numbers of a run's log, field by field. Element `i` of an array is the field `name.i`. Immutable.
final class RunHistory {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final Map<String, Values> fields;

    private RunHistory(Path file, Map<String, Values> fields) {
        this.file = file;
        this.fields = fields;
    }

    /// One field: its value at each step that has one, in the order of the steps.
    record Values(double[] steps, double[] values) {}

    /// Collects a field. Not thread-safe.
    private static final class Column {
        private final DoubleStream.Builder steps = DoubleStream.builder();
        private final DoubleStream.Builder values = DoubleStream.builder();

        void add(double step, double value) {
            steps.add(step);
            values.add(value);
        }

        Values values() {
            return new Values(steps.build().toArray(), values.build().toArray());
        }
    }

    /// Reads `log.jsonl` of a run's folder. What is no number is passed over; so is a last line that is cut short, which a
    /// running or killed run leaves.
    ///
    /// @throws CommandException if there is no log
    /// @throws ModelFormatException if another line is no JSON object, or steps go backwards
    static RunHistory read(Path runFolder) throws IOException {
        Path file = runFolder.resolve("log.jsonl");
        if (!Files.isRegularFile(file)) {
            throw new CommandException(file + ": nothing there",
                    "the folder of a run has a log from its first step on");
        }
        Map<String, Column> columns = new TreeMap<>();
        try (BufferedReader lines = Files.newBufferedReader(file)) {
            double last = Double.NEGATIVE_INFINITY;
            String line = lines.readLine();
            for (int number = 1; line != null; number++) {
                String next = lines.readLine();
                JsonNode object = parse(line);
                if (object == null && next != null) {
                    throw ModelFormatException.in(file).at("line " + number).expected("a JSON object").found(line)
                            .problem();
                }
                if (object != null && object.path("step").isNumber()) {
                    double step = object.path("step").asDouble();
                    if (step < last) {
                        throw ModelFormatException.in(file).at("line " + number).expected("a step of at least "
                                + (long) last).found((long) step).problem();
                    }
                    last = step;
                    add(columns, step, object);
                }
                line = next;
            }
        }
        Map<String, Values> fields = new TreeMap<>();
        columns.forEach((name, column) -> fields.put(name, column.values()));
        return new RunHistory(file, fields);
    }

    private static @Nullable JsonNode parse(String line) {
        try {
            JsonNode object = JSON.readTree(line);
            return object.isObject() ? object : null;
        } catch (JsonProcessingException e) {
            return null;
        }
    }

    private static void add(Map<String, Column> columns, double step, JsonNode line) {
        line.forEachEntry((name, value) -> {
            if (value.isArray()) {
                for (int i = 0; i < value.size(); i++) {
                    add(columns, step, name + "." + i, value.get(i));
                }
            } else {
                add(columns, step, name, value);
            }
        });
    }

    private static void add(Map<String, Column> columns, double step, String name, JsonNode value) {
        if (value.isNumber() && Double.isFinite(value.asDouble())) {
            columns.computeIfAbsent(name, key -> new Column()).add(step, value.asDouble());
        }
    }

    /// The file it was read from.
    Path file() {
        return file;
    }

    /// The values of a field, if any line has one.
    Optional<Values> values(String field) {
        return Optional.ofNullable(fields.get(field));
    }

    /// How many tokens the run had seen at some steps. Validations do not count them: theirs are those of the last step that
    /// did.
    ///
    /// @throws ModelFormatException if no step counts tokens
    double[] tokensAt(double[] steps) {
        Values seen = values("tokens").orElseThrow(() -> ModelFormatException.in(file)
                .expected("\"tokens\" in the lines of the steps").found("none").problem());
        return Arrays.stream(steps).map(step -> {
            int place = Arrays.binarySearch(seen.steps(), step);
            int last = place >= 0 ? place : -place - 2;
            return last < 0 ? 0 : seen.values()[last];
        }).toArray();
    }
}
