package org.ternlm.eval;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Writer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.eval.measure.Answer;
import org.ternlm.eval.measure.ItemResult;
import org.ternlm.eval.report.ItemLine;
import org.ternlm.eval.task.Item;

/// The file with a line for each item that was asked. A run that was ended goes on from it: what it holds is not asked
/// again. Not thread-safe.
final class ItemJournal implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final @Nullable Path file;
    private final Map<String, JsonNode> answered = new HashMap<>();
    private final PrintWriter writer;

    /// @param file where lines go, or null for none
    /// @param resume whether to go on from what it holds, instead of starting anew
    ItemJournal(@Nullable Path file, boolean resume) throws IOException {
        this.file = file;
        if (file == null) {
            writer = new PrintWriter(Writer.nullWriter());
        } else if (resume && Files.exists(file)) {
            long whole = read(file);
            try (var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
                channel.truncate(whole);
            }
            writer = new PrintWriter(Files.newBufferedWriter(file, StandardOpenOption.APPEND));
        } else {
            writer = new PrintWriter(Files.newBufferedWriter(file));
        }
    }

    /// Takes all lines, but for a last one that was not written to its end.
    ///
    /// @return bytes of the whole lines
    private long read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        int whole = bytes.length;
        while (whole > 0 && bytes[whole - 1] != '\n') {
            whole--;
        }
        int number = 0;
        for (String line : new String(bytes, 0, whole, StandardCharsets.UTF_8).lines().toList()) {
            number++;
            try {
                JsonNode node = JSON.readTree(line);
                answered.put(ItemLine.key(node.path("model").asText(), node.path("task").asText(), node.path("asked")
                        .asText(), node.path("id").asText()), node);
            } catch (JsonProcessingException e) {
                throw new CommandException("%s, line %d: expected a JSON object".formatted(file, number),
                        "without --resume the file is written anew", e);
            }
        }
        return whole;
    }

    /// What was answered before.
    ///
    /// @param key as [ItemLine#key] makes it
    Optional<ItemResult> answered(String key, Item item, boolean unconditional) {
        JsonNode node = answered.get(key);
        if (node == null || node.path("answers").size() != item.choices().size()) {
            return Optional.empty();
        }
        List<Answer> answers = new ArrayList<>();
        for (int i = 0; i < item.choices().size(); i++) {
            JsonNode answer = node.path("answers").get(i);
            boolean usable = answer.path("text").asText().equals(item.choices().get(i)) && answer.path("sum").isNumber()
                    && answer.path("tokens").isInt() && answer.path("unconditional").isNumber() == unconditional;
            if (!usable) {
                return Optional.empty();
            }
            answers.add(new Answer(item.choices().get(i), answer.get("sum").doubleValue(), answer.get("tokens")
                    .intValue(), answer.path("greedy").asBoolean(),
                    unconditional
                            ? Double.valueOf(answer.get("unconditional").doubleValue())
                            : null));
        }
        return Optional.of(new ItemResult(item, answers, node.path("cut").asBoolean()));
    }

    /// Writes a line.
    void add(String line) {
        writer.println(line);
    }

    /// Makes sure that all lines are in the file.
    ///
    /// @throws CommandException if that fails
    void flush() {
        if (writer.checkError()) {
            throw new CommandException(file + ": cannot be written");
        }
    }

    @Override
    public void close() {
        writer.close();
    }
}
