package org.ternlm.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;
import org.ternlm.train.config.TrainConfig;

/// `run.json`: what decides the numbers of a run, as it was when the run began; sources and tokenizer apart, which the
/// fingerprint of the corpus covers.
///
/// A run that goes on with another model, other batches or another order of the data would go on as a run that nobody
/// configured: refused. Other rates, steps and the like may be what its owner wants (a smaller rate after a divergence),
/// so they are allowed, with a note. What a run leaves, where and when, and how many threads compute it, is not looked at.
record RunIdentity(ObjectNode json) {
    private static final String FILE = "run.json";
    private static final long LARGEST = 1_000_000;
    /// What of the recipe may not change; the model and the rest may not either.
    private static final Set<String> FIXED = Set.of("recipe.batch", "recipe.length", "recipe.seed");
    private static final JsonMapper JSON = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(SerializationFeature.FAIL_ON_EMPTY_BEANS).enable(SerializationFeature.INDENT_OUTPUT)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS).build();

    static RunIdentity of(TrainConfig config) {
        ObjectNode json = JSON.createObjectNode();
        json.put("arm", config.model().arm().configName());
        json.set("model", JSON.valueToTree(config.model().architecture()));
        json.set("recipe", JSON.valueToTree(config.recipe()));
        json.put("tokenizer.vocabulary", config.tokenizer().vocabularySize());
        json.put("data.packing", config.data().packing().name());
        config.start().ifPresent(start -> json.put("start.turn_steps", start.turnSteps()));
        try {
            // As it will be read again: numbers have one type there.
            return new RunIdentity((ObjectNode) JSON.readTree(JSON.writeValueAsBytes(json)));
        } catch (IOException e) {
            throw new IllegalStateException("a tree is always JSON", e);
        }
    }

    /// Compares with what stands in the run's folder, if the run has made steps there that last, and writes it down.
    ///
    /// @throws CommandException if what may not change has changed
    /// @throws ModelFormatException if the file is damaged
    void keep(Path runFolder, Console console) throws IOException {
        Path file = runFolder.resolve(FILE);
        if (Files.exists(file) && Checkpoint.latest(runFolder.resolve("checkpoints")).isPresent()) {
            ObjectNode before = JsonFile.read(file, LARGEST);
            if (before.equals(json)) {
                return;
            }
            List<String> refused = new ArrayList<>();
            List<String> noted = new ArrayList<>();
            compare("", before, json, refused, noted);
            if (!refused.isEmpty()) {
                throw new CommandException("changed configuration: " + String.join("; ", refused),
                        "a run goes on only as what it began as: bring that back, or start a new run in another "
                                + "output.folder");
            }
            noted.forEach(change -> console.error()
                    .println("note: the run began with another configuration: " + change));
        }
        Files.createDirectories(runFolder);
        AtomicFile.write(file, aside -> Files.write(aside, JSON.writeValueAsBytes(json)));
    }

    private static void compare(String place, JsonNode before, JsonNode now, List<String> refused,
            List<String> noted) {
        if (before.isObject() && now.isObject()) {
            TreeSet<String> keys = new TreeSet<>();
            before.fieldNames().forEachRemaining(keys::add);
            now.fieldNames().forEachRemaining(keys::add);
            keys.forEach(key -> compare(place.isEmpty() ? key : place + "." + key, before.path(key), now.path(key),
                    refused, noted));
        } else if (!before.equals(now)) {
            boolean free = place.startsWith("recipe.") && !FIXED.contains(place);
            (free ? noted : refused).add("%s: expected %s, found %s".formatted(place, shown(before), shown(now)));
        }
    }

    private static String shown(JsonNode node) {
        return node.isMissingNode() ? "none" : node.isContainerNode() ? node.toString() : node.asText();
    }
}
