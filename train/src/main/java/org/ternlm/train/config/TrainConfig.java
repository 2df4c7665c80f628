package org.ternlm.train.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.ternlm.format.ModelFormatException;
import org.ternlm.model.Activation;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RopeScaling;
import org.ternlm.train.data.TextSource;

/// A whole training configuration. Paths in it are relative to the file's own folder.
///
/// @param name of the run
/// @param arm what the linear layers are
/// @param shape the model, its vocabulary excepted: that comes with the tokenizer
/// @param tokenizer where it comes from
/// @param data what to read
/// @param recipe how to train
/// @param output what to leave where, and when
public record TrainConfig(String name, Arm arm, Shape shape, TokenizerChoice tokenizer, DataChoice data, Recipe recipe,
        Output output) {

    /// The shape of a model without its vocabulary.
    public record Shape(int hiddenSize, int feedForwardSize, int layers, int heads, int keyValueHeads, int headSize,
            int contextLength, float normEpsilon, Activation activation, double ropeTheta, boolean tiedHead,
            boolean subNorms) {

        static Shape read(Section section) {
            int hidden = (int) section.whole("hidden", 2, 1 << 20);
            int heads = (int) section.whole("heads", 1, 1 << 16);
            int keyValueHeads = (int) section.whole("key_value_heads", 1, heads, heads);
            if (heads % keyValueHeads != 0) {
                throw section.problem("key_value_heads", "a divisor of heads = " + heads);
            }
            if (!section.has("head_size") && hidden % (2 * heads) != 0) {
                throw section.problem("hidden", "an even multiple of heads = " + heads);
            }
            int headSize = (int) section.whole("head_size", 2, hidden, hidden / heads);
            if (headSize % 2 != 0) {
                throw section.problem("head_size", "an even number");
            }
            return new Shape(hidden, (int) section.whole("feed_forward", 1, 1 << 22),
                    (int) section.whole("layers", 1, 1024), heads, keyValueHeads, headSize,
                    (int) section.whole("context", 2, 1 << 20), (float) section.number("norm_epsilon", 0, 1, 1e-5),
                    section.choice("activation", Map.of("silu", Activation.SILU, "relu2", Activation.RELU_SQUARED),
                            "relu2"),
                    section.number("rope_theta", 1, 1e12, 10_000), section.flag("tied_head", true),
                    section.flag("sub_norms", true));
        }
    }

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

    /// Texts to learn from.
    ///
    /// @param sources files and folders
    /// @param validation files and folders to validate on; empty: a share of the documents
    /// @param validationShare of the documents
    public record DataChoice(List<TextSource> sources, List<TextSource> validation, double validationShare) {
        public DataChoice {
            sources = List.copyOf(sources);
            validation = List.copyOf(validation);
        }

        static DataChoice read(Section section, Path base) {
            String separator = section.text("separator", "");
            List<TextSource> sources = sources(section, "sources", separator, base);
            List<TextSource> validation = section.has("validation")
                    ? sources(section, "validation", separator, base)
                    : List.of();
            return new DataChoice(sources, validation, section.number("validation_share", 0, 0.5, 0.005));
        }

        private static List<TextSource> sources(Section section, String key, String separator, Path base) {
            return section.items(key, "path").stream().map(item -> {
                TextSource source = TextSource.of(base.resolve(item.text("path")))
                        .withJsonKey(item.text("json_key", "text"))
                        .repeated((int) item.whole("repeat", 1, 1000, 1));
                String own = item.text("separator", separator);
                source = own.isEmpty() ? source : source.separatedBy(own);
                return item.flag("replace_invalid", false) ? source.replacingInvalid() : source;
            }).toList();
        }
    }

    /// What a run leaves.
    ///
    /// @param folder of the run
    /// @param checkpointEvery steps between checkpoints
    /// @param keep how many of the last ones stay, beside the best
    /// @param validateEvery steps between validations
    /// @param validationTokens how many tokens a validation looks at
    /// @param threads libtorch's, 0 for all processors
    public record Output(Path folder, long checkpointEvery, int keep, long validateEvery, long validationTokens,
            int threads) {
        static Output read(Section section, Path base, String name) {
            return new Output(base.resolve(section.text("folder", "runs/" + name)),
                    section.whole("checkpoint_every", 1, Long.MAX_VALUE, 200), (int) section.whole("keep", 1, 1000, 2),
                    section.whole("validate_every", 1, Long.MAX_VALUE, 200),
                    section.whole("validation_tokens", 1, Long.MAX_VALUE, 50_000),
                    (int) section.whole("threads", 0, 1024, 0));
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
        Path parent = file.toAbsolutePath().getParent();
        return read(file, root, parent == null ? Path.of("") : parent);
    }

    private static TrainConfig read(Path file, JsonNode root, Path base) {
        Section top = new Section(file, "", root);
        String name = top.text("name");
        Section model = top.child("model");
        Arm arm = model.choice("arm", Arm.byName(), "b158");
        Shape shape = Shape.read(model);
        TrainConfig config = new TrainConfig(name, arm, shape, TokenizerChoice.read(top.child("tokenizer"), base),
                DataChoice.read(top.child("data"), base),
                Recipe.read(top.child("recipe"), arm, shape.hiddenSize, shape.contextLength),
                Output.read(top.child("output"), base, name));
        top.checkNothingLeft();
        return config;
    }

    /// The same with another recipe in another folder, and no validation before the end.
    public TrainConfig asSweepRun(String runName, Recipe other, Path folder) {
        return new TrainConfig(runName, arm, shape, tokenizer, data, other, new Output(folder, other.steps(), 1,
                other.steps(), output.validationTokens, output.threads));
    }

    /// The model with the vocabulary of its tokenizer.
    public ModelConfig modelConfig(int vocabularySize, int bosId, int eosId) {
        return new ModelConfig(shape.subNorms ? "bitnet" : "llama", vocabularySize, shape.hiddenSize,
                shape.feedForwardSize, shape.layers, shape.heads, shape.keyValueHeads, shape.headSize,
                shape.contextLength, shape.normEpsilon, shape.activation, shape.ropeTheta, new RopeScaling.None(),
                shape.tiedHead, shape.subNorms, false, false, arm.linearKind(), Set.of(), bosId,
                eosId < 0 ? Set.of() : Set.of(eosId));
    }
}
