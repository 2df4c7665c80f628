package org.ternlm.train.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.ternlm.command.Console;
import org.ternlm.train.config.TrainConfig;

/// Configurations of runs that take a second.
final class TinyRuns {
    private static final List<String> WORDS = List.of("the", "cat", "dog", "sat", "ran", "on", "a", "mat", "and",
            "then",
            "home", "went", "red");

    private TinyRuns() {}

    static Path corpus(Path file, int documents) throws IOException {
        Random random = new Random(1);
        StringBuilder text = new StringBuilder();
        for (int document = 0; document < documents; document++) {
            for (int word = 0; word < 60; word++) {
                text.append(WORDS.get(random.nextInt(WORDS.size()))).append(word % 9 == 8 ? ". " : " ");
            }
            text.append("\n\n");
        }
        return Files.writeString(file, text);
    }

    /// `NAME.yaml` in `folder`, whose run is `output` and reads `corpus.txt` there.
    static Path config(Path folder, String name, Path output, int steps) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                name: tiny
                model: {arm: b158, hidden: 32, feed_forward: 64, layers: 2, heads: 4, context: 32}
                tokenizer: {vocabulary: 280}
                data: {sources: corpus.txt, separator: "\\n\\n", validation_share: 0.05}
                recipe: {steps: %d, batch: 4, length: 32, rate: 0.01, precision: fp32}
                output: {folder: %s, checkpoint_every: 3, validate_every: 4, validation_tokens: 600}
                compute: {threads: 1}
                """.formatted(steps, output));
    }

    static void change(Path config, String before, String after) throws IOException {
        String text = Files.readString(config);
        if (!text.contains(before)) {
            throw new IllegalArgumentException(before + " does not stand in " + config);
        }
        Files.writeString(config, text.replace(before, after));
    }

    /// @param stopAfter how many steps to make, -1 for all
    static boolean train(Path config, boolean resume, long stopAfter, Console console) throws IOException {
        long[] asked = new long[1];
        try (TrainingRun run = TrainingRun.prepare(TrainConfig.read(config), resume, console)) {
            return run.train(() -> ++asked[0] == stopAfter);
        }
    }
}
