package org.ternlm.compare.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What `tern train` leaves in a folder.
///
/// @param path of the folder
record RunFolder(Path path) {
    private static final JsonMapper JSON = new JsonMapper();
    /// Points of a training curve that are kept, each the mean of what lies between.
    private static final int POINTS = 120;
    private static final int LONGEST_LINE = 2048;

    /// Master weights of a ternary model, or a full-precision one.
    Path weights(boolean ternary) {
        return path.resolve(ternary ? "master" : "dense");
    }

    /// The step that was made last, as the log says; 0 if there is none yet.
    long lastStep() {
        try (RandomAccessFile log = new RandomAccessFile(path.resolve("log.jsonl").toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(log.length(), LONGEST_LINE)];
            log.seek(log.length() - tail.length);
            log.readFully(tail);
            List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
            for (String line : lines.reversed()) {
                if (line.startsWith("{\"step\":")) {
                    return Long.parseLong(line.substring(8, line.indexOf(',')));
                }
            }
        } catch (IOException | NumberFormatException | IndexOutOfBoundsException notYet) {
            return 0;
        }
        return 0;
    }

    /// Adds `curve` (tokens, loss), `validations` (tokens, loss, bits per byte), `tokens`, `tokens_per_second` and, of
    /// ternary models, `trit_shares` to `values`.
    void read(ObjectNode values) throws IOException {
        List<JsonNode> steps = new ArrayList<>();
        ArrayNode validations = values.putArray("validations");
        for (String line : Files.readAllLines(path.resolve("log.jsonl"))) {
            JsonNode node = parsed(line);
            if (node.has("validation_loss")) {
                validations.addArray().add(node.path("tokens").asLong()).add(node.path("validation_loss").asDouble())
                        .add(node.path("bits_per_byte").asDouble());
                if (node.has("trit_shares")) {
                    values.set("trit_shares", node.get("trit_shares"));
                }
            } else if (node.has("loss")) {
                steps.add(node);
            }
        }
        if (steps.isEmpty() || validations.isEmpty()) {
            throw new StepFailedException(path.resolve("log.jsonl") + ": no steps or no validation");
        }
        curve(steps, values.putArray("curve"));
        values.put("tokens", steps.getLast().path("tokens").asLong());
        values.put("steps", steps.getLast().path("step").asLong());
        double[] rates = steps.stream().mapToDouble(step -> step.path("tokens_per_second").asDouble()).sorted()
                .toArray();
        values.put("tokens_per_second", rates[rates.length / 2]);
        values.put("validation_loss", validations.get(validations.size() - 1).get(1).asDouble());
    }

    private JsonNode parsed(String line) {
        try {
            return JSON.readTree(line);
        } catch (JsonProcessingException e) {
            throw new StepFailedException("%s: no JSON: %s".formatted(path.resolve("log.jsonl"), line));
        }
    }

    private static void curve(List<JsonNode> steps, ArrayNode curve) {
        int points = Math.min(POINTS, steps.size());
        for (int i = 0; i < points; i++) {
            int from = (int) ((long) i * steps.size() / points);
            int to = (int) ((long) (i + 1) * steps.size() / points);
            double sum = 0;
            for (JsonNode step : steps.subList(from, to)) {
                sum += step.path("loss").asDouble();
            }
            curve.addArray().add(steps.get(to - 1).path("tokens").asLong()).add(sum / (to - from));
        }
    }

    /// Removes what only training needs.
    void tidy() throws IOException {
        Folders.delete(path.resolve("checkpoints"));
        Folders.delete(path.resolve("corpus"));
    }
}
