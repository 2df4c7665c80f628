package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Size;
import org.ternlm.compare.config.Style;
import org.ternlm.compare.config.Texts;
import org.ternlm.format.AtomicFile;

/// Writes configurations of `tern train`.
///
/// @param experiment they belong to
record TrainingFile(Experiment experiment) {
    /// A run validates so often, for its curve.
    private static final int VALIDATIONS = 10;
    /// Tokens of each of these validations: at most so many, and such a share of what is trained that all of them together
    /// take about a tenth of the time.
    private static final int VALIDATION_TOKENS = 20_000;
    private static final double VALIDATION_SHARE = 0.03;
    private static final int LEAST_VALIDATION_TOKENS = 500;

    /// What a run is about.
    ///
    /// @param id names its file and folder
    /// @param arm of the model
    /// @param size of the model
    /// @param style of the model
    /// @param seed of weights and data
    /// @param steps in all
    /// @param rate of learning; empty: that of `tern train`
    record Run(String id, Arm arm, Size size, Style style, long seed, long steps, OptionalDouble rate) {}

    /// Writes the configuration of a run that begins at random.
    Path write(Run run) throws IOException {
        ObjectNode node = node(run);
        model(node.putObject("model"), run);
        ObjectNode tokenizer = node.putObject("tokenizer");
        Path learnt = PrepareStep.tokenizer(experiment);
        if (Files.isDirectory(learnt)) {
            tokenizer.put("folder", absolute(learnt));
        } else {
            tokenizer.put("vocabulary", experiment.vocabulary());
        }
        return write(run, node);
    }

    /// Writes that of a run that goes on with a full-precision model, which turns ternary in `turnSteps` steps.
    Path write(Run run, Path start, long turnSteps) throws IOException {
        ObjectNode node = node(run);
        node.putObject("model").put("arm", run.arm.configName());
        node.putObject("start").put("folder", absolute(start)).put("turn_steps", turnSteps);
        return write(run, node);
    }

    /// Where a run puts what comes out.
    Path folder(String id) {
        return experiment.folder().resolve("runs").resolve(id);
    }

    private Path write(Run run, ObjectNode node) throws IOException {
        Path file = experiment.folder().resolve("configs").resolve(run.id + ".yaml");
        Files.createDirectories(file.resolveSibling(""));
        AtomicFile.write(file, aside -> Files.write(aside, new YAMLMapper().writeValueAsBytes(node)));
        return file;
    }

    private ObjectNode node(Run run) {
        ObjectNode node = JsonNodeFactory.instance.objectNode();
        node.put("name", run.id);
        data(node.putObject("data"));
        ObjectNode recipe = node.putObject("recipe");
        recipe.put("steps", run.steps).put("batch", experiment.recipe().batch()).put("length", experiment.recipe()
                .length()).put("precision", experiment.recipe().precision()).put("seed", run.seed);
        run.rate.ifPresent(rate -> recipe.put("rate", rate));
        if (!experiment.recipe().schedule().isEmpty()) {
            recipe.put("schedule", experiment.recipe().schedule());
        }
        node.putObject("compute").put("threads", experiment.threads());
        long validateEvery = Math.max(1, run.steps / VALIDATIONS);
        node.putObject("output").put("folder", absolute(folder(run.id))).put("checkpoint_every", Math.max(1, run.steps
                / 4)).put("keep", 1).put("validate_every", validateEvery)
                .put("validation_tokens", validationTokens(run.steps));
        return node;
    }

    private long validationTokens(long steps) {
        double trained = (double) steps * experiment.recipe().batch() * experiment.recipe().length();
        return Math.clamp(Math.round(VALIDATION_SHARE * trained), LEAST_VALIDATION_TOKENS, VALIDATION_TOKENS);
    }

    private void model(ObjectNode model, Run run) {
        Size size = run.size;
        model.put("arm", run.arm.configName()).put("hidden", size.hidden()).put("feed_forward", size.feedForward())
                .put("layers", size.layers()).put("heads", size.heads()).put("key_value_heads", size.keyValueHeads())
                .put("context", experiment.recipe().length()).put("activation", run.style.activation()).put("sub_norms",
                        run.style.subNorms())
                .put("tied_head", run.style.tiedHead());
    }

    private void data(ObjectNode data) {
        Texts texts = experiment.texts();
        if (!texts.separator().isEmpty()) {
            data.put("separator", texts.separator());
        }
        ArrayNode sources = data.putArray("sources");
        if (texts.validation().isEmpty()) {
            sources.addObject().put("path", absolute(DocumentSplit.training(experiment)));
            data.putArray("validation").add(absolute(DocumentSplit.validation(experiment)));
            return;
        }
        List<Path> paths = texts.sources();
        for (int i = 0; i < paths.size(); i++) {
            sources.addObject().put("path", absolute(paths.get(i))).put("repeat", texts.repeats().get(i));
        }
        texts.validation().forEach(path -> data.withArray("validation").add(absolute(path)));
    }

    private static String absolute(Path path) {
        return path.toAbsolutePath().normalize().toString();
    }
}
