package org.ternlm.eval.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.options.Lines;

/// Reads the items of a task from one file: JSON lines, requests that OLMES has written, or HellaSwag's plain text; each
/// also packed by gzip or bzip2.
final class ItemFile {
    /// OLMES repeats its items from this number on, as requests without a question.
    private static final long UNCONDITIONAL = 1_000_000;
    private static final int LINES_OF_PLAIN_ITEM = 6;

    private final Path path;
    private final Task task;
    private final Style style;
    private final List<Item> items = new ArrayList<>();
    private long lastDocument = -1;

    private ItemFile(Path path, Task task, Style style) {
        this.path = path;
        this.task = task;
        this.style = style;
    }

    /// At most `limit` items.
    ///
    /// @throws CommandException if the file is missing, holds none, or one is damaged
    static List<Item> read(Path path, Task task, Style style, int limit) {
        ItemFile file = new ItemFile(path, task, style);
        try (Lines lines = new Lines(unpacked(path), path.toString())) {
            String name = path.getFileName().toString();
            if (name.contains(".txt")) {
                file.plain(lines, limit);
            } else {
                file.json(lines, limit);
            }
        } catch (IOException | UncheckedIOException e) {
            throw new CommandException("%s: cannot be read: %s".formatted(path, e.getMessage()), null, e);
        }
        if (file.items.isEmpty()) {
            throw new CommandException(path + ": expected items of " + task.name() + ", found none",
                    "the public set: " + task.source());
        }
        return file.items;
    }

    private static InputStream unpacked(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new CommandException("no such file: " + path);
        }
        String name = path.toString();
        InputStream packed = Files.newInputStream(path);
        try {
            if (name.endsWith(".gz")) {
                return new GZIPInputStream(packed);
            }
            return name.endsWith(".bz2") ? new Bzip2InputStream(packed) : packed;
        } catch (IOException | RuntimeException e) {
            packed.close();
            throw e;
        }
    }

    private void json(Lines lines, int limit) throws IOException {
        for (String line = lines.next(); line != null && items.size() < limit; line = lines.next()) {
            if (line.isBlank()) {
                continue;
            }
            try {
                JsonLine json = JsonLine.parse(line, Integer.toString(items.size()));
                JsonLine document = document(json);
                if (document != null) {
                    items.add(task.form().read(document, style));
                }
            } catch (CommandException wrong) {
                throw new CommandException(lines.place() + ": " + wrong.getMessage(), "%s is read from %s".formatted(
                        task.name(), task.source()), wrong);
            }
        }
    }

    /// The item itself; null where a line repeats one.
    private @Nullable JsonLine document(JsonLine line) {
        if (!line.has("doc")) {
            return line;
        }
        long number = line.number("doc_id");
        if (number >= UNCONDITIONAL || number == lastDocument) {
            return null;
        }
        lastDocument = number;
        return line.inner("doc");
    }

    /// Context, number of the right ending, four endings.
    private void plain(Lines lines, int limit) throws IOException {
        if (task != HellaSwag.TASK) {
            throw new CommandException("%s: plain text is a form of hellaswag only".formatted(path),
                    "%s is read from %s".formatted(task.name(), task.source()));
        }
        List<String> block = new ArrayList<>();
        for (String line = lines.next(); line != null && items.size() < limit; line = lines.next()) {
            block.add(line);
            if (block.size() == LINES_OF_PLAIN_ITEM) {
                String gold = block.get(1).strip();
                if (!gold.matches("[0-3]")) {
                    throw new CommandException("%s: the second line of an item: expected 0 to 3, found %s".formatted(
                            lines.place(), gold));
                }
                items.add(HellaSwag.plain(Integer.toString(items.size()), block.getFirst(), block.subList(2, 6), gold
                        .charAt(0) - '0', style));
                block.clear();
            }
        }
        if (items.size() < limit && block.stream().anyMatch(line -> !line.isBlank())) {
            throw new CommandException("%s: the last item has %d lines, expected %d".formatted(lines.place(), block
                    .size(), LINES_OF_PLAIN_ITEM));
        }
    }
}
