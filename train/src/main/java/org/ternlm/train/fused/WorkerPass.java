package org.ternlm.train.fused;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.torch.Sequences;
import org.ternlm.train.torch.WeightBlock;

/// One worker's part of a batch: from tokens to the loss, and back to the gradients.
final class WorkerPass implements AutoCloseable {
    private static final String EMBEDDING = "model.embed_tokens.weight";

    private final Desk desk;
    private final List<AttentionLayer> attention = new ArrayList<>();
    private final List<FeedForwardLayer> feedForward = new ArrayList<>();
    private final Head head;
    /// What goes into each attention layer, and into the head.
    private final List<Block> before = new ArrayList<>();
    /// What goes into each feed-forward layer.
    private final List<Block> between = new ArrayList<>();
    private final Block slopes;

    WorkerPass(Desk desk, PreparedWeights weights) {
        this.desk = desk;
        ModelConfig config = desk.config;
        boolean training = desk.mode != PassMode.FORWARD;
        for (int i = 0; i < config.layers(); i++) {
            attention.add(new AttentionLayer(desk, i, weights.layer(i)));
            feedForward.add(new FeedForwardLayer(desk, i, weights.layer(i)));
            before.add(training
                    ? residual()
                    : desk.passing("before", Element.FLOAT32, desk.tokens,
                            config.hiddenSize()));
            between.add(desk.kept("between", Element.FLOAT32, desk.tokens, config.hiddenSize()));
        }
        before.add(training ? residual() : before.getFirst());
        head = new Head(desk, weights.head());
        slopes = desk.passing("residual slopes", Element.FLOAT32, training ? desk.tokens : 0, config.hiddenSize());
    }

    private Block residual() {
        return desk.own(Element.FLOAT32, desk.tokens, desk.config.hiddenSize());
    }

    /// Σ loss in nats over the targets that count.
    double loss(Sequences batch) {
        forward(batch);
        return head.loss(batch.targets());
    }

    /// The same; adds to the gradients those of `weight` · that sum.
    double lossAndGradients(Sequences batch, float weight) {
        forward(batch);
        double loss = head.lossAndBack(batch.targets(), weight, before.getLast(), slopes);
        for (int i = attention.size() - 1; i >= 0; i--) {
            if (desk.mode == PassMode.RECOMPUTE) {
                again(i, batch.firstVisible());
            }
            feedForward.get(i).backward(between.get(i), slopes);
            attention.get(i).backward(before.get(i), slopes);
        }
        embeddingBackward(batch.inputs());
        return loss;
    }

    private void forward(Sequences batch) {
        embed(batch.inputs());
        for (int i = 0; i < attention.size(); i++) {
            attention.get(i).forward(before.get(i), between.get(i), batch.firstVisible(), feedForward.get(i).input());
            NormedInput next = i + 1 < attention.size() ? attention.get(i + 1).input() : head.input();
            feedForward.get(i).forward(between.get(i), before.get(i + 1), next);
        }
    }

    private void again(int layer, int[] firstVisible) {
        NormedInput input = attention.get(layer).input();
        input.begin();
        for (int row = 0; row < desk.tokens; row++) {
            before.get(layer).readRow(row, desk.row0);
            input.take(row, desk.row0);
        }
        attention.get(layer).forward(before.get(layer), between.get(layer), firstVisible,
                feedForward.get(layer).input());
        feedForward.get(layer).prepare();
    }

    private void embed(int[] tokens) {
        MemorySegment memory = desk.parameters.block().memory();
        NormedInput next = attention.getFirst().input();
        next.begin();
        for (int row = 0; row < desk.tokens; row++) {
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, place(desk.parameters.block(), tokens[row]), desk.row0,
                    0, desk.config.hiddenSize());
            before.getFirst().writeRow(row, desk.row0);
            next.take(row, desk.row0);
        }
    }

    private void embeddingBackward(int[] tokens) {
        int hidden = desk.config.hiddenSize();
        MemorySegment memory = desk.gradients.memory();
        for (int row = 0; row < desk.tokens; row++) {
            long place = place(desk.gradients, tokens[row]);
            slopes.readRow(row, desk.row0);
            MemorySegment.copy(memory, ValueLayout.JAVA_FLOAT, place, desk.row1, 0, hidden);
            Rows.add(desk.row0, 1, desk.row1, hidden);
            MemorySegment.copy(desk.row1, 0, memory, ValueLayout.JAVA_FLOAT, place, hidden);
        }
    }

    private long place(WeightBlock block, int token) {
        return (block.offset(EMBEDDING) + (long) token * desk.config.hiddenSize()) * Float.BYTES;
    }

    boolean hasGradients() {
        return desk.mode != PassMode.FORWARD;
    }

    WeightBlock gradients() {
        return desk.gradients;
    }

    @Override
    public void close() {
        desk.close();
    }
}
