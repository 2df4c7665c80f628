package org.ternlm.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.ternlm.command.MemoryConsole;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// What is wrong with a checkpoint is said in one line, with a way to go on; that way works.
class DamagedCheckpointTest {
    private static final String NORM = "model.norm.weight";

    @TempDir
    Path folder;

    private final MemoryConsole console = new MemoryConsole();
    private Path config = Path.of("");
    private Path newest = Path.of("");

    private enum Damage {
        WEIGHTS_CUT, WEIGHTS_GARBAGE, WEIGHTS_EMPTY, WEIGHTS_MISSING, WEIGHTS_NAN, WEIGHTS_TURNED, WEIGHTS_FEWER, WEIGHTS_MORE, MOMENTS_CUT, MOMENTS_MISSING, MOMENTS_INFINITE, MOMENTS_OF_ANOTHER, STATE_GARBAGE, STATE_EMPTY, STATE_OF_ANOTHER, STATE_HALF, STATE_MISSING, CONFIG_MISSING, ALL_MISSING
    }

    @BeforeEach
    void train() throws IOException {
        TinyRuns.corpus(folder.resolve("corpus.txt"), 300);
        config = TinyRuns.config(folder, "run", folder.resolve("run"), 9);
        TinyRuns.train(config, false, 6, console);
        newest = folder.resolve("run/checkpoints/step-00000006");
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"WEIGHTS_CUT|model.safetensors|cut short",
            "WEIGHTS_GARBAGE|model.safetensors|header length",
            "WEIGHTS_EMPTY|model.safetensors|found 0 bytes",
            "WEIGHTS_MISSING|model.safetensors|nothing there",
            "WEIGHTS_NAN|model.safetensors|model.norm.weight: expected finite numbers, found NaN in place 3",
            "WEIGHTS_TURNED|model.safetensors|gate_proj.weight: expected shape [64, 32], found [32, 64]",
            "WEIGHTS_FEWER|model.safetensors|model.norm.weight: expected shape [32], found no such tensor",
            "WEIGHTS_MORE|model.safetensors|more: expected no such tensor",
            "MOMENTS_CUT|optimizer.safetensors|cut short",
            "MOMENTS_MISSING|optimizer.safetensors|nothing there",
            "MOMENTS_INFINITE|optimizer.safetensors|found Infinity in place 3",
            "MOMENTS_OF_ANOTHER|optimizer.safetensors|first.model.embed_tokens.weight: expected shape",
            "STATE_GARBAGE|training.json|expected a JSON object",
            "STATE_EMPTY|training.json|step: expected 6",
            "STATE_OF_ANOTHER|training.json|step: expected 6, found 3",
            "STATE_HALF|training.json|lowest_loss: expected a number",
            "STATE_MISSING|training.json|nothing there",
            "CONFIG_MISSING|config.json|nothing there",
            "ALL_MISSING|config.json|nothing there"})
    void isOneLineThatSaysHowToGoOn(Damage damage, String file, String message) throws IOException {
        damage(damage, newest.resolve(file));
        List<String> log = Files.readAllLines(folder.resolve("run/log.jsonl"));
        assertThatThrownBy(() -> TinyRuns.train(config, true, -1, console)).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("step-00000006").hasMessageContaining(file)
                .hasMessageContaining(message)
                .hasMessageContaining("delete the folder step-00000006, and --resume goes on from step-00000003")
                .message().doesNotContain("\n").doesNotContain("Exception");
        assertThat(Files.readAllLines(folder.resolve("run/log.jsonl"))).as("nothing is lost").isEqualTo(log);
    }

    private static void damage(Damage damage, Path file) throws IOException {
        byte[] bytes = Files.exists(file) ? Files.readAllBytes(file) : new byte[0];
        switch (damage) {
            case WEIGHTS_CUT, MOMENTS_CUT -> Files.write(file, Arrays.copyOf(bytes, bytes.length - 1000));
            case WEIGHTS_GARBAGE, STATE_GARBAGE -> Files.writeString(file, "neither weights nor JSON");
            case WEIGHTS_EMPTY -> Files.write(file, new byte[0]);
            case WEIGHTS_MISSING, MOMENTS_MISSING, STATE_MISSING, CONFIG_MISSING -> Files.delete(file);
            case WEIGHTS_NAN -> set(file, NORM, Float.NaN);
            case MOMENTS_INFINITE -> set(file, "second." + NORM, Float.POSITIVE_INFINITY);
            case WEIGHTS_TURNED -> replace(file, "gate_proj.weight",
                    tensor -> List.of(new Tensor(tensor.name(), DType.F32, new Shape(32, 64), tensor.data())));
            case WEIGHTS_FEWER -> replace(file, NORM, _ -> List.of());
            case WEIGHTS_MORE -> replace(file, NORM, tensor -> List.of(tensor,
                    new Tensor("more", DType.F32, tensor.shape(), tensor.data())));
            case MOMENTS_OF_ANOTHER -> Files.copy(file.resolveSibling("model.safetensors"), file,
                    java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            case STATE_EMPTY -> Files.writeString(file, "{}");
            case STATE_OF_ANOTHER -> Files.writeString(file, "{\"step\":3,\"best_step\":-1,\"lowest_loss\":5}");
            case STATE_HALF -> Files.writeString(file, "{\"step\":6,\"best_step\":-1}");
            case ALL_MISSING -> {
                Checkpoint whole = new Checkpoint(file.resolveSibling(""), 6);
                whole.delete();
                Files.createDirectory(whole.folder());
            }
        }
    }

    private static void set(Path file, String name, float number) throws IOException {
        replace(file, name, tensor -> {
            float[] numbers = tensor.floats();
            numbers[3] = number;
            MemorySegment data = Arena.ofAuto().allocateFrom(ValueLayout.JAVA_FLOAT, numbers);
            return List.of(new Tensor(name, DType.F32, tensor.shape(), data));
        });
    }

    @FunctionalInterface
    private interface Replacement {
        List<Tensor> of(Tensor tensor);
    }

    /// Replaces the first tensor whose name ends so.
    private static void replace(Path file, String nameEnd, Replacement replacement) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            List<Tensor> tensors = new ArrayList<>();
            boolean replaced = false;
            for (Tensor tensor : SafetensorsFile.open(file, arena).tensors().values()) {
                boolean here = !replaced && tensor.name().endsWith(nameEnd);
                tensors.addAll(here ? replacement.of(tensor) : List.of(tensor));
                replaced |= here;
            }
            SafetensorsWriter.write(file, tensors, Map.of());
        }
    }

    @Test
    void theWayThatTheLineSaysWorks() throws IOException {
        Path whole = TinyRuns.config(folder, "whole", folder.resolve("whole"), 9);
        TinyRuns.train(whole, false, -1, console);
        Files.delete(newest.resolve("training.json"));
        assertThatThrownBy(() -> TinyRuns.train(config, true, -1, console)).isInstanceOf(ModelFormatException.class);
        new Checkpoint(newest, 6).delete();
        // What a kill leaves of a checkpoint, and of one that was being deleted, counts for nothing.
        Path torn = Files.createDirectories(newest.resolveSibling(".step-00000009.partial"));
        Path old = Files.createDirectories(newest.resolveSibling(".step-00000001.old.partial"));
        Files.writeString(torn.resolve("config.json"), "{}");
        assertThat(TinyRuns.train(config, true, -1, console)).isTrue();
        assertThat(torn).doesNotExist();
        assertThat(old).doesNotExist();
        assertThat(RunLogs.withoutTimes(folder.resolve("run/log.jsonl")))
                .isEqualTo(RunLogs.withoutTimes(folder.resolve("whole/log.jsonl")));
    }

    @Test
    void aSpoiltLogLosesOnlyTheSpoiltLines() throws IOException {
        Path log = folder.resolve("run/log.jsonl");
        List<String> before = Files.readAllLines(log);
        byte[] bytes = Files.readAllBytes(log);
        bytes[2] = (byte) 0xFF;
        Files.write(log, bytes);
        assertThat(TinyRuns.train(config, true, 1, console)).isFalse();
        assertThat(Files.readAllLines(log)).startsWith(before.get(1)).hasSize(before.size());
    }
}
