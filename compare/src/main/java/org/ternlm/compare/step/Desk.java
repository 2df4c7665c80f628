package org.ternlm.compare.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.compare.config.Experiment;

/// Where a step works: the program it starts, the results it reads, the folders it writes to. Notes what it starts. Not
/// thread-safe.
public final class Desk {
    private static final JsonMapper JSON = new JsonMapper();

    private final Experiment experiment;
    private final Results results;
    private final Program program;
    private final String id;
    private final Runnable tick;
    private final List<String> commands = new ArrayList<>();

    Desk(Experiment experiment, Results results, Program program, String id, Runnable tick) {
        this.experiment = experiment;
        this.results = results;
        this.program = program;
        this.id = id;
        this.tick = tick;
    }

    /// What was started so far, as one could type it.
    List<String> commands() {
        return commands;
    }

    Path folder() {
        return experiment.folder();
    }

    /// The result of a step that this one needs.
    Result needed(String step) {
        return results.done(step).orElseThrow(() -> new IllegalStateException("no result of " + step));
    }

    /// Starts tern, and gives its output once it has done what was asked.
    ///
    /// @throws StepFailedException if it has not
    Program.Outcome tern(List<String> arguments) throws IOException {
        return tern(List.of(), arguments);
    }

    /// The same with a command in front.
    Program.Outcome tern(List<String> prefix, List<String> arguments) throws IOException {
        Program.Outcome outcome = start(prefix, arguments);
        if (outcome.exitCode() != 0) {
            throw new StepFailedException(lastWords(outcome));
        }
        return outcome;
    }

    /// Starts tern, however it may end.
    Program.Outcome start(List<String> prefix, List<String> arguments) throws IOException {
        List<String> words = new ArrayList<>(prefix);
        words.add("tern");
        arguments.forEach(argument -> words.add(argument.contains(" ") ? "'" + argument + "'" : argument));
        commands.add(String.join(" ", words).replace(folder() + "/", "").replace(folder().toString(), "."));
        Path log = folder().resolve("logs").resolve(commands.size() == 1 ? id : id + "." + commands.size());
        return program.run(prefix, arguments, log, tick);
    }

    /// Starts tern, and reads the one JSON object that it prints.
    JsonNode json(List<String> arguments) throws IOException {
        return json(tern(arguments));
    }

    /// The JSON object that was printed.
    static JsonNode json(Program.Outcome outcome) throws IOException {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(outcome.out()));
            if (node != null && node.isObject()) {
                return node;
            }
            throw new StepFailedException("%s: expected a JSON object, found %s".formatted(outcome.out(), node));
        } catch (JsonProcessingException e) {
            throw new StepFailedException("%s: expected a JSON object, found %s".formatted(outcome.out(), e
                    .getOriginalMessage()));
        }
    }

    /// The last line that a program left, or where to look.
    static String lastWords(Program.Outcome outcome) throws IOException {
        List<String> lines = new String(Files.readAllBytes(outcome.errors()), StandardCharsets.UTF_8)
                .lines().filter(line -> !line.isBlank()).toList();
        String last = lines.isEmpty() ? "no message" : lines.getLast().strip();
        // A hint stands on a line of its own behind the message.
        String message = lines.stream().filter(line -> line.startsWith("tern: ")).reduce((first, second) -> second)
                .orElse(last);
        return "%s (exit code %d, all of it in %s)".formatted(message.replaceFirst("^tern: ", ""), outcome.exitCode(),
                outcome.errors());
    }

    /// `-t N` where the configuration says how many threads.
    List<String> withThreads(List<String> arguments) {
        if (experiment.threads() == 0) {
            return arguments;
        }
        List<String> all = new ArrayList<>(arguments);
        all.addAll(List.of("-t", Integer.toString(experiment.threads())));
        return all;
    }
}
