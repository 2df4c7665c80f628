package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.convert.Conversion;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.distributed.WorkerGroup;
import org.ternlm.train.torch.Sequences;

class TrainerTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));
    private static final Path TOKENIZER = ROOT.resolve("testdata/models/tinystories-ternary-1M");

    @TempDir
    Path folder;

    private final List<int[]> stories = stories();

    private static List<int[]> stories() {
        List<int[]> stories = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(ROOT.resolve("testdata/eval/tinystories60.tokens.jsonl"))) {
                stories.add(new ObjectMapper().convertValue(new ObjectMapper().readTree(line).get("tokens"),
                        int[].class));
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        return stories;
    }

    /// Rows of `length + 1` tokens from pseudo-random places of the stories.
    private Batches batches(int size, int length, int seed) {
        return new Batches() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public int length() {
                return length;
            }

            @Override
            public long count() {
                return Long.MAX_VALUE;
            }

            @Override
            public double bytesPerTarget() {
                return 2;
            }

            @Override
            public Sequences batch(long step) {
                Random random = new Random(seed * 1_000_003L + step);
                int[] rows = new int[size * (length + 1)];
                for (int row = 0; row < size; row++) {
                    int[] story = stories.get(random.nextInt(stories.size()));
                    int start = random.nextInt(Math.max(1, story.length - length - 1));
                    for (int i = 0; i <= length; i++) {
                        rows[row * (length + 1) + i] = story[Math.min(story.length - 1, start + i)];
                    }
                }
                return Sequences.of(rows, length);
            }
        };
    }

    private TrainConfig config(String arm, String run, int steps, String more) throws IOException {
        Path file = folder.resolve(run + ".yaml");
        Files.writeString(file, """
                name: %s
                model: {arm: %s, hidden: 32, feed_forward: 64, layers: 2, heads: 4, key_value_heads: 2, context: 64}
                tokenizer: {vocabulary: 512}
                data: {sources: nothing}
                recipe: {steps: %d, batch: 8, length: 32, rate: 0.01, second_rate: 0.005, warm_up: 3, precision: fp32%s}
                output: {checkpoint_every: 5, validate_every: 5, validation_tokens: 512}
                compute: {threads: 1}
                """.formatted(run, arm, steps, more));
        return TrainConfig.read(file);
    }

    private boolean train(TrainConfig config, boolean resume, long stopAt) throws IOException {
        ModelConfig model = config.model().withVocabulary(512, 1, 2);
        Quiet listener = new Quiet(stopAt);
        RunData data = new RunData(TOKENIZER, model, "none", batches(8, 32, 1), batches(4, 32, 2), () -> {});
        try (Trainer trainer = new Trainer(config, data, WorkerGroup.alone(), resume, listener)) {
            return trainer.run(() -> listener.stop);
        }
    }

    private static final class Quiet implements TrainingListener {
        private final long stopAt;
        private boolean stop;

        Quiet(long stopAt) {
            this.stopAt = stopAt;
        }

        @Override
        public void stepped(StepReport report) {
            stop = report.step() == stopAt;
            assertThat(report.flippedShare()).isBetween(0.0, 1.0);
        }

        @Override
        public void validated(ValidationReport report) {
            assertThat(Math.rint(Arrays.stream(report.tritShares()).sum() * 1e9) / 1e9).isIn(0.0, 1.0);
            assertThat(report.bitsPerByte()).isCloseTo(report.loss() / Math.log(4), within(1e-9));
        }

        @Override
        public void saved(Checkpoint checkpoint) {
            assertThat(checkpoint.folder()).exists();
        }
    }

    private static List<String> log(TrainConfig config) throws IOException {
        return RunLogs.withoutTimes(config.output().folder().resolve("log.jsonl"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"b158", "b1", "llama"})
    void learnsAndTheRuntimeAgrees(String arm) throws IOException {
        TrainConfig config = config(arm, arm, 30, "");
        assertThat(train(config, false, -1)).isTrue();
        List<JsonNode> lines = new ArrayList<>();
        for (String line : log(config)) {
            lines.add(new ObjectMapper().readTree(line));
        }
        double first = lines.getFirst().get("loss").asDouble();
        double trained = lines.getLast().get("validation_loss").asDouble();
        assertThat(first).isCloseTo(Math.log(512), within(0.2));
        assertThat(trained).isLessThan(first - 0.8);
        Path master = config.output().folder().resolve("checkpoints/step-00000030");
        assertThat(runtimeLoss(master)).isCloseTo(trained, within(0.0005));
        if (!arm.equals("llama")) {
            Path packed = folder.resolve("packed-" + arm);
            Conversion.pack(master, packed);
            assertThat(runtimeLoss(packed)).isCloseTo(runtimeLoss(master), within(1e-6));
        }
    }

    private double runtimeLoss(Path model) {
        try (Tern tern = Tern.open(model, 1)) {
            Perplexity perplexity = new Perplexity();
            for (int batch = 0; batch < 4; batch++) {
                Sequences rows = batches(4, 32, 2).batch(batch);
                for (int row = 0; row < 4; row++) {
                    perplexity.add(tern.scorer().score(rows.tokens(row), 1));
                }
            }
            return perplexity.natsPerToken();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"b158", "llama"})
    void aRunThatWasInterruptedGoesOnExactly(String arm) throws IOException {
        TrainConfig whole = config(arm, "whole", 17, "");
        train(whole, false, -1);
        TrainConfig parts = config(arm, "parts", 17, "");
        for (long stopAt : new long[] {3, 4, 11, -1}) {
            train(parts, true, stopAt);
        }
        assertThat(log(parts)).isEqualTo(log(whole));
    }

    @Test
    void aKilledRunRepeatsWhatItsCheckpointDidNotSee() throws IOException {
        TrainConfig whole = config("b158", "whole", 14, "");
        train(whole, false, -1);
        TrainConfig killed = config("b158", "killed", 14, "");
        train(killed, false, 8);
        // As after a kill between two checkpoints: the last one is gone, the log is ahead and its last line cut.
        Checkpoint.latest(killed.output().folder().resolve("checkpoints")).orElseThrow().delete();
        Files.writeString(killed.output().folder().resolve("log.jsonl"), "{\"step\":9,\"lo",
                java.nio.file.StandardOpenOption.APPEND);
        train(killed, true, -1);
        assertThat(log(killed)).isEqualTo(log(whole));
    }

    @Test
    void keepsTheLastCheckpointsAndTheBest() throws IOException {
        TrainConfig config = config("b158", "keep", 30, "");
        train(config, false, -1);
        List<Checkpoint> left = Checkpoint.list(config.output().folder().resolve("checkpoints"));
        assertThat(left.getLast().step()).isEqualTo(30);
        assertThat(left).hasSizeBetween(2, 3);
    }

    @Test
    void microBatchesGiveTheSameGradients() throws IOException {
        TrainConfig whole = config("llama", "one", 3, "");
        train(whole, false, -1);
        TrainConfig parts = config("llama", "four", 3, ", micro_batch: 2");
        train(parts, false, -1);
        for (int i = 0; i < 3; i++) {
            assertThat(new ObjectMapper().readTree(log(parts).get(i)).get("loss").asDouble())
                    .isCloseTo(new ObjectMapper().readTree(log(whole).get(i)).get("loss").asDouble(), within(1e-4));
        }
    }

    @Test
    void divergenceEndsTheRunAndTheCheckpointsStand() throws IOException {
        TrainConfig config = config("llama", "wild", 200, ", clip: 1000000000");
        Path file = folder.resolve("wild.yaml");
        Files.writeString(file, Files.readString(file).replace("rate: 0.01", "rate: 9"));
        TrainConfig wild = TrainConfig.read(file);
        assertThatThrownBy(() -> train(wild, false, -1)).isInstanceOf(DivergedException.class)
                .hasMessageContaining("diverged at step");
        assertThat(config.output().folder().resolve("log.jsonl")).exists();
    }

    @Test
    void anotherShapeCannotBeResumed() throws IOException {
        TrainConfig config = config("b158", "shape", 5, "");
        train(config, false, -1);
        Path file = folder.resolve("shape.yaml");
        Files.writeString(file, Files.readString(file).replace("hidden: 32", "hidden: 48"));
        TrainConfig other = TrainConfig.read(file);
        assertThatThrownBy(() -> train(other, true, -1)).hasMessageContaining("the configuration has changed since");
    }
}
