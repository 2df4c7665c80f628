package org.ternlm.train.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.Pointer;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.distributed.LostWorkerException;
import org.ternlm.train.distributed.WorkerGroup;
import org.ternlm.train.torch.AdamW;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Sequences;

/// Trains one model from its first step, or its newest checkpoint, to its last.
///
/// Deterministic on one machine with one number of threads: the same configuration gives the same losses, and a run that
/// was killed and resumed gives those of an uninterrupted one. Not thread-safe.
public final class Trainer implements AutoCloseable {
    private final TrainConfig config;
    private final Recipe recipe;
    private final ModelConfig model;
    private final RunData data;
    private final WorkerGroup group;
    private final TrainingListener listener;
    private final Kernels kernels;
    private final Parameters parameters;
    private final AdamW optimizer;
    private final StepGradients pass;
    private final Validator validator;
    private RunState state = RunState.fresh();
    private double lastValidation = Double.NaN;
    private long step;

    /// @param group the workers that train together; each sees its own part of every batch
    /// @param resume whether to go on from the newest checkpoint, if there is one
    Trainer(TrainConfig config, RunData data, WorkerGroup group, boolean resume, TrainingListener listener)
            throws IOException {
        this.config = config;
        this.recipe = config.recipe();
        this.data = data;
        this.model = data.model();
        this.group = group;
        this.listener = listener;
        Optional<Checkpoint> start = resume ? Checkpoint.latest(checkpoints()) : Optional.empty();
        Passes.check(config.compute());
        parameters = start.isPresent() ? start.get().parameters(model) : Beginning.of(config, model);
        optimizer = new AdamW(model, parameters, recipe.beta1(), recipe.beta2());
        if (start.isPresent()) {
            start.get().restore(optimizer);
            state = RunState.read(start.get().state());
            step = start.get().step();
        }
        shareState();
        kernels = KernelSelection.choose().open(config.compute().threadCount());
        Passes passes = new Passes(config.compute(), model, parameters, kernels);
        pass = new StepGradients(passes, recipe, config.start(), Math.min(recipe.microBatch(),
                data.training().size()), step);
        validator = new Validator(passes, data.validation(), config.output().validationTokens());
    }

    /// Only the first worker may have the checkpoint that all go on from.
    private void shareState() {
        if (group.size() == 1) {
            return;
        }
        step = group.sum(group.isFirst() ? step : 0);
        state = state.shared(group);
        group.broadcast(parameters.block().memory(), 0);
        optimizer.share(step, moments -> group.broadcast(moments.memory(), 0));
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

    /// The loss of the last validation, NaN before the first.
    double lastValidation() {
        return lastValidation;
    }

    Validator validator() {
        return validator;
    }

    /// Runs until the last step, or until `stop` says so after a step; then everything up to there is saved.
    ///
    /// @return whether all steps are done
    /// @throws DivergedException if the loss leaves all bounds; the checkpoints before stand
    boolean run(BooleanSupplier stop) throws IOException {
        return run(stop, true);
    }

    /// The same for a run that is not worth saving.
    boolean runWithoutCheckpoints(BooleanSupplier stop) throws IOException {
        return run(stop, false);
    }

    private boolean run(BooleanSupplier stop, boolean checkpoints) throws IOException {
        if (!group.isFirst()) {
            return follow(stop);
        }
        Files.createDirectories(config.output().folder());
        try (RunLog log = RunLog.after(step, config.output().folder().resolve("log.jsonl"))) {
            try {
                return lead(log, stop, checkpoints);
            } catch (LostWorkerException e) {
                // Workers meet before weights are changed: what there is are those after the last whole step.
                if (checkpoints && step > 0) {
                    save(log);
                }
                throw e;
            }
        }
    }

    private boolean lead(RunLog log, BooleanSupplier stop, boolean checkpoints) throws IOException {
        pass.begin(step);
        while (step < recipe.steps()) {
            report(log, makeStep());
            boolean last = step == recipe.steps();
            if (last || step % config.output().validateEvery() == 0) {
                validate(log);
            }
            boolean stopping = !last && group.anyone(stop.getAsBoolean());
            if (checkpoints && (last || stopping || step % config.output().checkpointEvery() == 0)) {
                save(log);
            }
            if (stopping) {
                return false;
            }
        }
        return true;
    }

    /// What a worker does that leaves log, validation and checkpoints to the first.
    private boolean follow(BooleanSupplier stop) {
        pass.begin(step);
        while (step < recipe.steps()) {
            makeStep();
            if (step < recipe.steps() && group.anyone(stop.getAsBoolean())) {
                return false;
            }
        }
        return true;
    }

    private StepReport makeStep() {
        long start = System.nanoTime();
        double rate = recipe.rateAt(step);
        double loss = accumulate();
        double norm = AdamW.norm(pass.gradients(), kernels.workers());
        state = state.afterBatch(step, loss, norm);
        double scale = norm > recipe.clip() ? recipe.clip() / (norm + 1e-6) : 1;
        optimizer.step(pass.gradients(), scale, rate, recipe.decayAt(step), kernels.workers());
        step++;
        // At once, not with the next step: so the share of changed trits is that of this step.
        pass.begin(step);
        double seconds = (System.nanoTime() - start) / 1e9;
        return new StepReport(step, loss, rate, norm, pass.trits().flippedShare(), recipe.tokensPerStep() / seconds);
    }

    /// Adds up the gradients of one batch; returns its mean loss.
    private double accumulate() {
        Sequences batch = data.training().batch(step);
        double weight = 1.0 / group.sum(batch.targetCount());
        double loss = group.sum(pass.add(batch, weight)) * weight;
        group.sum(pass.gradients().memory());
        return loss;
    }

    private void report(RunLog log, StepReport report) throws IOException {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("step", report.step()).put("loss", report.loss()).put("rate", report.rate());
        line.put("gradient_norm", report.gradientNorm()).put("tokens", step * recipe.tokensPerStep());
        if (model.linearKind().isTernary()) {
            line.put("flipped_share", report.flippedShare());
        }
        line.put("tokens_per_second", Math.rint(report.tokensPerSecond()));
        log.add(line);
        listener.stepped(report);
    }

    private void validate(RunLog log) throws IOException {
        double loss = validator.loss();
        lastValidation = loss;
        double bits = loss / Math.log(2) / data.validation().bytesPerTarget();
        ValidationReport report = new ValidationReport(step, loss, bits, pass.trits().shares(), Pointer.physicalBytes(),
                state.isBest(loss));
        state = state.afterValidation(step, loss);
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("step", step).put("validation_loss", loss).put("bits_per_byte", bits);
        line.put("tokens", step * recipe.tokensPerStep()).put("memory_bytes", report.memoryBytes());
        if (model.linearKind().isTernary()) {
            line.putPOJO("trit_shares", report.tritShares());
        }
        log.add(line);
        listener.validated(report);
    }

    private void save(RunLog log) throws IOException {
        log.sync();
        Checkpoint saved = Checkpoint.write(checkpoints(), step, model, data.tokenizer(), parameters, optimizer,
                state.toJson());
        List<Checkpoint> all = Checkpoint.list(checkpoints());
        for (int i = 0; i < all.size() - config.output().keep(); i++) {
            if (all.get(i).step() != state.bestStep()) {
                all.get(i).delete();
            }
        }
        listener.saved(saved);
    }

    @Override
    public void close() {
        pass.close();
        validator.close();
        optimizer.close();
        parameters.close();
        kernels.close();
    }
}
