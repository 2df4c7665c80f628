package org.ternlm.eval.task;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;

/// A task that someone asks for: `piqa`, `piqa=FILE`, `blimp:anaphor_gender_agreement`.
///
/// @param part one of the files that the task consists of, or null for all
/// @param file where its items are, or null for the usual place
public record Selection(Task task, @Nullable String part, @Nullable Path file) {
    /// All tasks of the paper's table.
    private static final String PAPER = "paper";

    /// What `--tasks` names, divided by commas.
    ///
    /// @throws CommandException if a task is unknown
    public static List<Selection> parse(String list) {
        List<Selection> selections = new ArrayList<>();
        for (String name : list.split(",", -1)) {
            if (name.strip().equals(PAPER)) {
                Tasks.PAPER.forEach(task -> selections.add(new Selection(task, null, null)));
            } else {
                selections.add(one(name.strip()));
            }
        }
        return selections;
    }

    /// What names one task.
    ///
    /// @throws CommandException if it is unknown
    public static Selection one(String text) {
        int equals = text.indexOf('=');
        String name = equals < 0 ? text : text.substring(0, equals);
        Path file = equals < 0 ? null : Path.of(text.substring(equals + 1));
        int colon = name.indexOf(':');
        String part = colon < 0 ? null : name.substring(colon + 1);
        String taskName = (colon < 0 ? name : name.substring(0, colon)).toLowerCase(Locale.ROOT);
        Task task = Tasks.named(taskName).orElseThrow(() -> new CommandException("--tasks: no task " + text,
                "there are " + Tasks.ALL.stream().map(Task::name).collect(Collectors.joining(", ")) + "; " + PAPER
                        + " stands for the first " + Tasks.PAPER.size()));
        if (part != null && (task != Blimp.TASK || !part.matches("\\w+"))) {
            throw new CommandException("--tasks: %s has no part %s".formatted(taskName, part));
        }
        return new Selection(task, part, file);
    }

    /// What it is called in reports.
    public String label() {
        return part == null ? task.name() : task.name() + ":" + part;
    }
}
