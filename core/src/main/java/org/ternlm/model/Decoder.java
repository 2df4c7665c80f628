package org.ternlm.model;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.PassProfile.Part;

/// The forward pass: tokens in, logits out, for a batch of sequences that share each pass over the weights.
///
/// Deterministic, and independent of the batch: a token's logits have the same bits whether its prompt came in one
/// pass, token by token, or beside other sequences.
///
/// Owns its buffers: one thread at a time. Several decoders may share one [Model] and one set of kernels.
public final class Decoder {
    /// Tokens of one pass over the weights. Longer prompts take several; more would only enlarge the buffers.
    private static final int LARGEST_PASS = 256;
    /// Positions whose logits are computed together.
    private static final int HEAD_ROWS = 16;
    /// What an element of a query or key costs until the cache holds it, in steps of [org.ternlm.kernel.Workers]: keys
    /// are written across many lines of memory.
    private static final int ROTARY_STEPS = 200;

    private final ModelConfig config;
    private final Weights weights;
    private final Kernels kernels;
    private final RotaryEmbedding rotary;
    private final Attention attention;
    private final LinearInput input = new LinearInput();
    private final List<JointLinear> attentionInputs;
    private final List<JointLinear> feedForwardInputs;
    private final float[][] attentionOutputs = new float[3][];
    private final float[][] feedForwardOutputs = new float[2][];
    private float[] residual = new float[0];
    private float[] query = new float[0];
    private float[] key = new float[0];
    private float[] value = new float[0];
    private float[] gate = new float[0];
    private float[] up = new float[0];
    private float[] projected = new float[0];
    private float[] logits = new float[0];
    private @Nullable PassProfile profile;

    /// What is to be done for one sequence.
    ///
    /// @param cache what the sequence has passed so far; grows by the tokens
    /// @param tokens to append, at least one
    /// @param firstLogits logits are wanted from this index of `tokens` on; `tokens.length` for none
    public record Step(KvCache cache, int[] tokens, int firstLogits) {
        public Step {
            if (tokens.length == 0) {
                throw new IllegalArgumentException("a step needs at least one token");
            }
            if (firstLogits < 0 || firstLogits > tokens.length) {
                throw new IllegalArgumentException("expected 0 to %d, found %d".formatted(tokens.length, firstLogits));
            }
        }

        /// Appends `tokens` and wants the logits after the last of them.
        public static Step next(KvCache cache, int... tokens) {
            return new Step(cache, tokens, tokens.length - 1);
        }
    }

    /// Receives logits in order of steps and tokens.
    @FunctionalInterface
    public interface LogitsConsumer {
        /// @param step index of the step in the batch
        /// @param token index of the token in the step; the logits are those of what follows it
        /// @param logits buffer of the decoder: valid during the call, may be changed
        /// @param offset where in `logits` this token's `vocabularySize` values start
        void accept(int step, int token, float[] logits, int offset);
    }

    /// One token of a pass: which sequence it belongs to and where it stands there.
    private record Row(int step, int token, KvCache cache, int position, boolean wantsLogits) {}

    public Decoder(Model model, Kernels kernels) {
        this.config = model.config();
        this.weights = model.weights();
        this.kernels = kernels;
        rotary = new RotaryEmbedding(config.headSize(), config.ropeTheta(), config.ropeScaling());
        attention = new Attention(config, kernels);
        attentionInputs = weights.layers().stream().map(layer -> JointLinear.of(layer.query(), layer.key(),
                layer.value())).toList();
        feedForwardInputs = weights.layers().stream().map(layer -> JointLinear.of(layer.gate(), layer.up())).toList();
    }

    /// The model's shape.
    public ModelConfig config() {
        return config;
    }

    /// From now on measures each pass; `null` ends that.
    public void profile(@Nullable PassProfile profile) {
        this.profile = profile;
    }

    /// Advances all sequences of the batch; each may appear once.
    ///
    /// @throws IllegalArgumentException if a token is not in the vocabulary or a sequence outgrows the context; then no
    /// sequence has changed
    public void forward(List<Step> steps, LogitsConsumer consumer) {
        for (Step step : steps) {
            checkTokens(step.tokens);
            step.cache.reserve(step.tokens.length);
            rotary.prepare(step.cache.length() + step.tokens.length);
        }
        Row[] rows = new Row[Math.min(LARGEST_PASS, steps.stream().mapToInt(step -> step.tokens.length).sum())];
        int count = 0;
        for (int i = 0; i < steps.size(); i++) {
            Step step = steps.get(i);
            for (int t = 0; t < step.tokens.length; t++) {
                if (count == rows.length) {
                    pass(rows, count, steps, consumer);
                    count = 0;
                }
                rows[count++] = new Row(i, t, step.cache, step.cache.length(), t >= step.firstLogits);
                step.cache.advance(1);
            }
        }
        pass(rows, count, steps, consumer);
    }

    /// Refuses tokens that are not in the vocabulary. Safe for several threads.
    ///
    /// @throws IllegalArgumentException if there is one
    public void checkTokens(int[] tokens) {
        for (int token : tokens) {
            if (token < 0 || token >= config.vocabularySize()) {
                throw new IllegalArgumentException("token %d is not in the vocabulary of %d".formatted(token,
                        config.vocabularySize()));
            }
        }
    }

    private void pass(Row[] rows, int count, List<Step> steps, LogitsConsumer consumer) {
        ensureCapacity(count);
        if (profile != null) {
            profile.begin();
        }
        int hidden = config.hiddenSize();
        for (int r = 0; r < count; r++) {
            weights.embedding().decodeRow(steps.get(rows[r].step).tokens[rows[r].token], residual, r * hidden);
        }
        mark(Part.EMBEDDING);
        for (int layer = 0; layer < config.layers(); layer++) {
            attend(layer, rows, count);
            feedForward(layer, count);
        }
        head(rows, count, consumer);
    }

    private void mark(Part part) {
        if (profile != null) {
            profile.mark(part);
        }
    }

    private void attend(int index, Row[] rows, int count) {
        Weights.Layer layer = weights.layers().get(index);
        normalize(layer.attentionNorm(), count);
        mark(Part.NORMS);
        attentionInputs.get(index).apply(input, attentionOutputs, kernels);
        mark(Part.QUERY_KEY_VALUE);
        normalizeHeads(query, layer.queryNorm(), count * config.heads());
        normalizeHeads(key, layer.keyNorm(), count * config.keyValueHeads());
        turnAndStore(index, rows, count);
        mark(Part.ROTARY);
        int querySize = config.querySize();
        float[] mixed = input.reset(count, querySize);
        attention.apply(index, query, mixed, count, r -> rows[r].cache, r -> rows[r].position);
        mark(Part.ATTENTION);
        subNormalize(layer.attentionSubNorm(), count, querySize);
        mark(Part.SUB_NORMS);
        layer.output().apply(input, projected, kernels);
        mark(Part.OUTPUT);
        addToResidual(count);
        mark(Part.RESIDUAL);
    }

    /// Tells queries and keys their positions, and gives keys and values to the caches. Threads share heads.
    private void turnAndStore(int index, Row[] rows, int count) {
        int querySize = config.querySize();
        int keyValueSize = config.keyValueSize();
        int group = config.heads() / config.keyValueHeads();
        int headSize = config.headSize();
        kernels.workers().share(config.keyValueHeads(), 1, (long) ROTARY_STEPS * count * (group + 1) * headSize,
                (from, to) -> {
                    for (int r = 0; r < count; r++) {
                        int position = rows[r].position;
                        int start = r * keyValueSize + from * headSize;
                        rotary.apply(query, r * querySize + from * group * headSize, (to - from) * group, position);
                        rotary.apply(key, start, to - from, position);
                        rows[r].cache.put(index, position, from, to, key, value, start);
                    }
                });
    }

    private void feedForward(int index, int count) {
        Weights.Layer layer = weights.layers().get(index);
        normalize(layer.feedForwardNorm(), count);
        mark(Part.NORMS);
        int inner = config.feedForwardSize();
        feedForwardInputs.get(index).apply(input, feedForwardOutputs, kernels);
        mark(Part.GATE_UP);
        float[] gated = input.reset(count, inner);
        RowWise.GATE.share(kernels, count, inner, r -> {
            System.arraycopy(gate, r * inner, gated, r * inner, inner);
            switch (config.activation()) {
                case SILU -> kernels.floats().siluGate(gated, up, r * inner, inner);
                case RELU_SQUARED -> kernels.floats().reluSquaredGate(gated, up, r * inner, inner);
            }
        });
        mark(Part.ACTIVATION);
        subNormalize(layer.feedForwardSubNorm(), count, inner);
        mark(Part.SUB_NORMS);
        layer.down().apply(input, projected, kernels);
        mark(Part.DOWN);
        if (profile != null && layer.down() instanceof BitLinear down && !down.hasInputNorm()) {
            profile.countDownInput(index, input.activations(kernels));
        }
        addToResidual(count);
        mark(Part.RESIDUAL);
    }

    private void head(Row[] rows, int count, LogitsConsumer consumer) {
        int hidden = config.hiddenSize();
        int vocabulary = config.vocabularySize();
        int[] wanted = new int[HEAD_ROWS];
        int pending = 0;
        for (int r = 0; r < count; r++) {
            if (rows[r].wantsLogits) {
                wanted[pending++] = r;
            }
            if (pending == HEAD_ROWS || r == count - 1 && pending > 0) {
                float[] normed = input.reset(pending, hidden);
                for (int i = 0; i < pending; i++) {
                    kernels.floats().rmsNorm(residual, wanted[i] * hidden, weights.norm(), config.normEpsilon(),
                            normed, i * hidden, hidden);
                }
                logits = grown(logits, Math.multiplyExact(pending, vocabulary));
                weights.head().apply(input, logits, kernels);
                mark(Part.HEAD);
                for (int i = 0; i < pending; i++) {
                    consumer.accept(rows[wanted[i]].step, rows[wanted[i]].token, logits, i * vocabulary);
                }
                mark(Part.CHOICE);
                pending = 0;
            }
        }
    }

    /// The layer input of all rows: the residual, normalised.
    private void normalize(float[] gain, int count) {
        int hidden = config.hiddenSize();
        float[] normed = input.reset(count, hidden);
        RowWise.NORM.share(kernels, count, hidden, r -> kernels.floats().rmsNorm(residual, r * hidden, gain,
                config.normEpsilon(), normed, r * hidden, hidden));
    }

    private void normalizeHeads(float[] heads, float[] gain, int count) {
        int size = gain.length;
        for (int head = 0; size > 0 && head < count; head++) {
            kernels.floats().rmsNorm(heads, head * size, gain, config.normEpsilon(), heads, head * size, size);
        }
    }

    private void subNormalize(float[] gain, int count, int width) {
        if (gain.length > 0) {
            float[] values = input.values();
            RowWise.NORM.share(kernels, count, width, r -> kernels.floats().rmsNorm(values, r * width, gain,
                    config.normEpsilon(), values, r * width, width));
            input.touched();
        }
    }

    private void addToResidual(int count) {
        int hidden = config.hiddenSize();
        float[] sums = residual;
        float[] more = projected;
        RowWise.ADD.share(kernels, count, hidden, r -> add(more, sums, r * hidden, (r + 1) * hidden));
    }

    private static void add(float[] more, float[] sums, int from, int to) {
        for (int i = from; i < to; i++) {
            sums[i] += more[i];
        }
    }

    private void ensureCapacity(int count) {
        int hidden = count * config.hiddenSize();
        int inner = Math.multiplyExact(count, config.feedForwardSize());
        residual = grown(residual, hidden);
        query = grown(query, count * config.querySize());
        key = grown(key, count * config.keyValueSize());
        value = grown(value, count * config.keyValueSize());
        gate = grown(gate, inner);
        up = grown(up, inner);
        projected = grown(projected, hidden);
        attentionOutputs[0] = query;
        attentionOutputs[1] = key;
        attentionOutputs[2] = value;
        feedForwardOutputs[0] = gate;
        feedForwardOutputs[1] = up;
    }

    private static float[] grown(float[] buffer, int size) {
        return buffer.length >= size ? buffer : new float[size];
    }
}
