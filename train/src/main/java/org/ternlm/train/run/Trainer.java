package org.ternlm.train.run;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Tern;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.config.Recipe;
import org.ternlm.train.config.TrainConfig;
import org.ternlm.train.torch.AdamW;
import org.ternlm.train.torch.Network;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Precision;
import org.ternlm.train.torch.Torch;

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
    private final Network network;
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
        Torch.setThreads(config.output().threads() == 0
                ? Runtime.getRuntime().availableProcessors()
                : config.output().threads());
        Optional<Checkpoint> start = resume ? Checkpoint.latest(checkpoints()) : Optional.empty();
        parameters = start.isPresent()
                ? start.get().parameters(model)
                : Parameters.initial(model, config.recipe().seed());
        optimizer = new AdamW(parameters, config.recipe().beta1(), config.recipe().beta2());
        network = new Network(model, parameters);
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
                double norm = optimizer.clip(recipe.clip());
                checkDivergence(loss, norm);
                optimizer.step(rate, recipe.decayAt(step));
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
        optimizer.zeroGradients();
        long[] tokens = training.batch(step);
        int parts = recipe.batch() / recipe.microBatch();
        double sum = 0;
        for (int part = 0; part < parts; part++) {
            try (PointerScope scope = new PointerScope()) {
                Tensor loss = loss(tokens, part * recipe.microBatch(), recipe.microBatch(), recipe.length(),
                        recipe.precision());
                sum += loss.item_float();
                (parts == 1 ? loss : loss.mul(new Scalar(1.0 / parts))).backward();
            }
        }
        return sum / parts;
    }

    private Tensor loss(long[] tokens, int firstRow, int rows, int length, Precision precision) {
        int stride = length + 1;
        long[] part = Arrays.copyOfRange(tokens, firstRow * stride, (firstRow + rows) * stride);
        Tensor all = Torch.longs(part, rows, stride);
        return network.loss(all.narrow(1, 0, length).contiguous(), all.narrow(1, 1, length).contiguous(), precision);
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
        double[] shares = network.tritShares();
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
        double sum = 0;
        try (NoGradGuard frozen = new NoGradGuard()) {
            for (long i = 0; i < batches; i++) {
                try (PointerScope scope = new PointerScope()) {
                    sum += loss(validation.batch(i), 0, validation.size(), validation.length(), Precision.FLOAT32)
                            .item_float();
                }
            }
        }
        return sum / batches;
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
            int stride = validation.length() + 1;
            for (long i = 0; i < validationBatches(); i++) {
                long[] tokens = validation.batch(i);
                for (int row = 0; row < validation.size(); row++) {
                    int[] sequence = Arrays.stream(tokens, row * stride, (row + 1) * stride).mapToInt(t -> (int) t)
                            .toArray();
                    perplexity.add(tern.scorer().score(sequence, 1));
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
        optimizer.close();
        parameters.close();
    }
}
