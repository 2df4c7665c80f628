package org.ternlm.train.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.fused.FusedPass;
import org.ternlm.train.fused.PassMode;
import org.ternlm.train.fused.Sequences;
import org.ternlm.train.torch.AdamW;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Precision;

/// Trains one model from its first step, or its newest checkpoint, to its last.
///
/// Deterministic on one machine with one number of threads: the same configuration gives the same losses, and a run that
/// was killed and resumed gives those of an uninterrupted one. Not thread-safe.
public final class Trainer implements AutoCloseable {
    /// A loss this far above the best is no fluctuation any more.
    private static final double DIVERGED = 3;

    private final TrainConfig config;
    private final ModelConfig model;
    private final Path tokenizer;
    private final Batches training;
    private final Batches validation;
    private final TrainingListener listener;
    private final Parameters parameters;
    private final Kernels kernels;
    private final FusedPass pass;
    private final FusedPass evaluation;
    private final AdamW optimizer;
    private long step;
    private double bestValidation = Double.POSITIVE_INFINITY;
    private long bestStep = -1;
    private double lowestLoss = Double.POSITIVE_INFINITY;

    /// @param tokenizer the folder whose tokenizer goes into every checkpoint
    /// @param resume whether to go on from the newest checkpoint, if there is one
    public Trainer(TrainConfig config, ModelConfig model, Path tokenizer, Batches training, Batches validation,
            boolean resume, TrainingListener listener) throws IOException {
        this.config = config;
        this.model = model;
        this.tokenizer = tokenizer;
        this.training = training;
        this.validation = validation;
        this.listener = listener;
        kernels = KernelSelection.choose().open(config.output().threads() == 0
                ? Runtime.getRuntime().availableProcessors()
                : config.output().threads());
        Optional<Checkpoint> start = resume ? Checkpoint.latest(checkpoints()) : Optional.empty();
        parameters = start.isPresent()
                ? start.get().parameters(model)
                : Parameters.initial(model, config.recipe().seed());
        optimizer = new AdamW(model, parameters, config.recipe().beta1(), config.recipe().beta2());
        Recipe recipe = config.recipe();
        pass = new FusedPass(model, parameters, new FusedPass.Plan(recipe.precision(), PassMode.KEEP, false,
                recipe.microBatch(), recipe.length()), kernels.floats(), kernels.workers());
        evaluation = new FusedPass(model, parameters, new FusedPass.Plan(Precision.FLOAT32, PassMode.FORWARD, false,
                validation.size(), validation.length()), kernels.floats(), kernels.workers());
        if (start.isPresent()) {
            start.get().restore(optimizer);
            ObjectNode state = start.get().state();
            step = start.get().step();
            bestValidation = state.path("best_validation").asDouble(Double.POSITIVE_INFINITY);
            bestStep = state.path("best_step").asLong(-1);
            lowestLoss = state.path("lowest_loss").asDouble(Double.POSITIVE_INFINITY);
        }
    }

    private Path checkpoints() {
        return config.output().folder().resolve("checkpoints");
    }

    /// Steps made so far.
    public long step() {
        return step;
    }

    /// Weights of the model.
    public long parameterCount() {
        return parameters.count();
    }

    /// Runs until the last step, or until `stop` says so after a step; then everything up to there is saved.
    ///
    /// @return whether all steps are done
    /// @throws DivergedException if the loss leaves all bounds; the checkpoints before stand
    public boolean run(BooleanSupplier stop) throws IOException {
        Files.createDirectories(config.output().folder());
        Recipe recipe = config.recipe();
        try (RunLog log = RunLog.after(step, config.output().folder().resolve("log.jsonl"))) {
            while (step < recipe.steps()) {
                long start = System.nanoTime();
                double rate = recipe.rateAt(step);
                double loss = accumulate(recipe);
                double norm = AdamW.norm(pass.gradients(), kernels.workers());
                checkDivergence(loss, norm);
                optimizer.step(pass.gradients(), norm > recipe.clip() ? recipe.clip() / (norm + 1e-6) : 1, rate,
                        recipe.decayAt(step), kernels.workers());
                step++;
                report(log, loss, rate, norm, System.nanoTime() - start);
                boolean last = step == recipe.steps();
                if (last || step % config.output().validateEvery() == 0) {
                    validate(log);
                }
                boolean stopping = !last && stop.getAsBoolean();
                if (last || stopping || step % config.output().checkpointEvery() == 0) {
                    save();
                }
                if (stopping) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Adds up the gradients of one batch; returns its mean loss.
    private double accumulate(Recipe recipe) {
        Sequences batch = training.batch(step);
        double weight = 1.0 / batch.targetCount();
        pass.begin(1);
        double sum = 0;
        for (int from = 0; from < batch.count(); from += recipe.microBatch()) {
            sum += pass.lossAndGradients(batch.part(from, recipe.microBatch()), weight);
        }
        return sum * weight;
    }

    private void checkDivergence(double loss, double norm) {
        if (!Double.isFinite(loss) || !Double.isFinite(norm) || loss > lowestLoss + DIVERGED) {
            throw new DivergedException(step, loss, lowestLoss);
        }
        lowestLoss = Math.min(lowestLoss, loss);
    }

    private void report(RunLog log, double loss, double rate, double norm, long nanos) throws IOException {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("step", step).put("loss", loss).put("rate", rate).put("gradient_norm", norm);
        line.put("tokens", step * config.recipe().tokensPerStep());
        log.add(line);
        listener.stepped(step, loss, rate, norm, config.recipe().tokensPerStep() * 1e9 / nanos);
    }

    private void validate(RunLog log) throws IOException {
        double loss = validationLoss();
        double[] shares = pass.trits().shares();
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("step", step).put("validation_loss", loss);
        if (model.linearKind().isTernary()) {
            line.putArray("trit_shares").add(shares[0]).add(shares[1]).add(shares[2]);
        }
        log.add(line);
        if (loss < bestValidation) {
            bestValidation = loss;
            bestStep = step;
        }
        listener.validated(step, loss, shares);
    }

    /// Mean loss over the first batches of the validation documents, in float: what the runtime computes.
    public double validationLoss() {
        long batches = validationBatches();
        evaluation.begin(1);
        double sum = 0;
        long targets = 0;
        for (long i = 0; i < batches; i++) {
            Sequences batch = validation.batch(i);
            sum += evaluation.loss(batch);
            targets += batch.targetCount();
        }
        return sum / targets;
    }

    /// How many batches a validation looks at.
    private long validationBatches() {
        long tokens = (long) validation.size() * validation.length();
        return Math.min(validation.count(), Math.max(1, config.output().validationTokens() / tokens));
    }

    /// The loss of a checkpoint by Tern's own runtime, on what [#validationLoss] looks at: the two must agree.
    double runtimeLoss(Path checkpoint) {
        try (Tern tern = Tern.open(checkpoint)) {
            Perplexity perplexity = new Perplexity();
            for (long i = 0; i < validationBatches(); i++) {
                Sequences batch = validation.batch(i);
                for (int row = 0; row < batch.count(); row++) {
                    perplexity.add(tern.scorer().score(batch.tokens(row), 1));
                }
            }
            return perplexity.natsPerToken();
        }
    }

    private void save() throws IOException {
        ObjectNode state = JsonNodeFactory.instance.objectNode();
        putFinite(state, "best_validation", bestValidation);
        state.put("best_step", bestStep);
        putFinite(state, "lowest_loss", lowestLoss);
        Checkpoint saved = Checkpoint.write(checkpoints(), step, model, tokenizer, parameters, optimizer, state);
        List<Checkpoint> all = Checkpoint.list(checkpoints());
        for (int i = 0; i < all.size() - config.output().keep(); i++) {
            if (all.get(i).step() != bestStep) {
                all.get(i).delete();
            }
        }
        listener.saved(saved);
    }

    private static void putFinite(ObjectNode state, String key, double value) {
        if (Double.isFinite(value)) {
            state.put(key, value);
        }
    }

    @Override
    public void close() {
        pass.close();
        evaluation.close();
        optimizer.close();
        parameters.close();
        kernels.close();
    }
}
