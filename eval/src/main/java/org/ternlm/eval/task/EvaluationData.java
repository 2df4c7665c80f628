package org.ternlm.eval.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;

/// Where the data of tasks lie: in a folder with `full/`, `olmes/` and `blimp/`, or in one with those in its `eval/`.
public final class EvaluationData {
    private static final String FOLDER_HINT = "--data DIR, or the environment variable TERN_DATA, names a folder with full/%s.jsonl and the like; %s=FILE names one file";
    /// The five examples of OLMES that all its HellaSwag requests begin with.
    private static final String HELLASWAG_SHOTS = "hellaswag-shots.txt";

    private final @Nullable Path folder;

    /// @param folder null if there is none
    public EvaluationData(@Nullable Path folder) {
        this.folder = folder;
    }

    /// The folder that the property `tern.data` or the variable `TERN_DATA` names.
    public static EvaluationData ofProcess() {
        String named = System.getProperty("tern.data", "");
        if (named.isEmpty()) {
            named = System.getenv().getOrDefault("TERN_DATA", "");
        }
        return new EvaluationData(named.isEmpty() ? null : Path.of(named));
    }

    /// The first `limit` items of a task.
    ///
    /// @throws CommandException if there are no data, or they are damaged
    public List<Item> items(Selection selection, Style style, int limit) {
        Task task = selection.task();
        task.style(style);
        Path file = selection.file() == null ? located(selection, style) : selection.file();
        if (!Files.isDirectory(file)) {
            return ItemFile.read(file, task, style, limit);
        }
        List<Item> items = new ArrayList<>();
        for (Path part : parts(file)) {
            if (items.size() < limit) {
                items.addAll(ItemFile.read(part, task, style, limit - items.size()));
            }
        }
        if (items.isEmpty()) {
            throw new CommandException(file + ": expected .jsonl files, found none");
        }
        return items;
    }

    private static List<Path> parts(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".jsonl")).sorted().toList();
        } catch (IOException e) {
            throw new CommandException(folder + ": cannot be read: " + e.getMessage(), null, e);
        }
    }

    private Path located(Selection selection, Style style) {
        Task task = selection.task();
        String hint = FOLDER_HINT.formatted(task.name(), task.name()) + "; the public set: " + task.source();
        if (folder == null) {
            throw new CommandException(selection.label() + ": no data, and no folder of data is named", hint);
        }
        List<String> names = selection.part() == null
                ? task.files().getOrDefault(style, List.of())
                : List.of("blimp/" + selection.part() + ".jsonl");
        for (String name : names) {
            for (Path root : new Path[] {folder.resolve("eval"), folder}) {
                if (Files.exists(root.resolve(name))) {
                    return root.resolve(name);
                }
            }
        }
        throw new CommandException("%s: no data: neither %s nor its eval/ has %s".formatted(selection.label(), folder,
                String.join(" or ", names)), hint);
    }

    /// Examples that stand before each question: those of a file that the user names, else those that the style fixes.
    ///
    /// @param file items of the task with their answers, from another part than those asked; or null
    /// @throws CommandException if there are too few
    public static List<String> shots(Task task, Style style, int count, @Nullable Path file) {
        if (count == 0) {
            return List.of();
        }
        List<String> shots = file != null
                ? ItemFile.read(file, task, style, count).stream().map(task.style(style)::example).toList()
                : fixed(task, style);
        if (shots.size() < count) {
            throw new CommandException("%s: %d examples, found %d".formatted(task.name(), count, shots.size()),
                    "--shots-file %s=FILE names items to take them from, such as the training part".formatted(task
                            .name()));
        }
        return shots.subList(0, count);
    }

    private static List<String> fixed(Task task, Style style) {
        if (task != HellaSwag.TASK || style != Style.OLMES) {
            return List.of();
        }
        try (InputStream in = EvaluationData.class.getResourceAsStream(HELLASWAG_SHOTS)) {
            if (in == null) {
                throw new IllegalStateException(HELLASWAG_SHOTS + " is missing in the program");
            }
            return List.of(new String(in.readAllBytes(), StandardCharsets.UTF_8).strip().split("\n\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
