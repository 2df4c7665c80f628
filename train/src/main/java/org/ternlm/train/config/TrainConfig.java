package org.ternlm.train.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.ternlm.format.ModelFormatException;
import org.ternlm.model.ModelConfig;

/// A whole training configuration. Paths in it are relative to the file's own folder.
///
/// @param name of the run
/// @param model what is trained
/// @param start where it begins; empty: at random
/// @param tokenizer where it comes from
/// @param data what to read
/// @param recipe how to train
/// @param compute what with
/// @param output what to leave where, and when
public record TrainConfig(String name, ModelChoice model, Optional<Start> start, TokenizerChoice tokenizer,
        DataChoice data, Recipe recipe, Compute compute, Output output) {

    /// A folder with a tokenizer, or the size of one to train.
    ///
    /// @param folder empty where one is to be trained
    /// @param vocabularySize of the one to train, 0 where a folder is given
    public record TokenizerChoice(String folder, int vocabularySize) {
        static TokenizerChoice read(Section section, Path base) {
            if (section.has("folder")) {
                return new TokenizerChoice(base.resolve(section.text("folder")).toString(), 0);
            }
            return new TokenizerChoice("", (int) section.whole("vocabulary", 260, 1 << 20));
        }
    }

    /// Reads a YAML file.
    ///
    /// @throws ModelFormatException if it is missing, is no YAML, or a value is missing, impossible or unknown
    public static TrainConfig read(Path file) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw ModelFormatException.in(file).expected("YAML").found(e.getOriginalMessage()).cause(e).problem();
        } catch (IOException e) {
            throw ModelFormatException.in(file).expected("a readable file")
                    .found(Files.exists(file) ? e.getMessage() : "nothing there").cause(e).problem();
        }
        Path parent = file.toAbsolutePath().normalize().getParent();
        return read(file, root, parent == null ? Path.of("") : parent);
    }

    private static TrainConfig read(Path file, JsonNode root, Path base) {
        Section top = new Section(file, "", root);
        String name = top.text("name");
        Optional<Start> start = top.has("start")
                ? Optional.of(Start.read(top.child("start"), base))
                : Optional.empty();
        Section modelSection = top.child("model");
        ModelChoice model = start.map(where -> ModelChoice.read(modelSection, where))
                .orElseGet(() -> ModelChoice.read(modelSection));
        // The vocabulary of a model that exists is that of its tokenizer.
        TokenizerChoice tokenizer = start.isPresent()
                ? new TokenizerChoice(start.get().folder().toString(), 0)
                : TokenizerChoice.read(top.child("tokenizer"), base);
        ModelConfig shape = model.architecture();
        TrainConfig config = new TrainConfig(name, model, start, tokenizer, DataChoice.read(top.child("data"), base),
                Recipe.read(top.child("recipe"), model.arm(), shape.hiddenSize(), shape.contextLength()),
                Compute.read(top.child("compute")), Output.read(top.child("output"), base, name));
        top.checkNothingLeft();
        return config;
    }

    /// The same with another recipe in another folder, and no validation before the end.
    public TrainConfig asSweepRun(String runName, Recipe other, Path folder) {
        return new TrainConfig(runName, model, start, tokenizer, data, other, compute,
                new Output(folder, other.steps(), 1, other.steps(), output.validationTokens(), output.samples(),
                        output.sampleTokens()));
    }
}
