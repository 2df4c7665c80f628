package org.ternlm.compare.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// What is measured of each model beside its loss.
///
/// @param prompt tokens of a prompt that is timed
/// @param generated tokens that are generated
/// @param repeat how often
/// @param batches sequences that generate at once
/// @param tasks of `tern eval`; empty: none
/// @param taskData the folder with their items
/// @param taskStyle of prompts
/// @param taskLimit most items of a task, 0 for all
public record Measures(int prompt, int generated, int repeat, List<Long> batches, List<String> tasks,
        Optional<Path> taskData, String taskStyle, int taskLimit) {
    public Measures {
        batches = List.copyOf(batches);
        tasks = List.copyOf(tasks);
    }

    static Measures read(Section bench, Section tasks, Path base, int context) {
        List<Long> batches = bench.wholes("batch", 1, 1 << 12);
        List<String> names = tasks.texts("names");
        Optional<Path> data = tasks.has("data")
                ? Optional.of(base.resolve(tasks.text("data")).toAbsolutePath().normalize())
                : Optional.empty();
        return new Measures((int) bench.whole("prompt", 1, context, Math.max(1, context / 2)),
                (int) bench.whole("tokens", 1, context, Math.max(1, context / 2)),
                (int) bench.whole("repeat", 1, 1000, 3),
                batches.isEmpty() ? List.of(1L) : batches, names, data, tasks.text("style", "harness"),
                (int) tasks.whole("limit", 0, 1 << 24, 0));
    }
}
