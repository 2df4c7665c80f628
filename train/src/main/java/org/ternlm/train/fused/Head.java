package org.ternlm.train.fused;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.train.torch.Sequences;

/// The last norm, the head and the loss. Logits exist for some tokens at a time only: with a large vocabulary they would
/// be the largest thing in memory.
final class Head {
    /// Elements of logits at a time.
    private static final int MOST = 1 << 24;

    private final Desk desk;
    private final LinearGroup group;
    private final NormedInput input;
    private final Block logits;
    private final Tensor logitsSwapped;
    private final Block weightSlopes;
    private final Block inputSlopes;
    private final List<Chunk> chunks = new ArrayList<>();
    private final float[] row;
    private final int size;

    /// Tokens whose logits are there at the same time.
    private record Chunk(int from, Tensor inputs, Tensor inputSlopes) {}

    Head(Desk desk, LinearGroup group) {
        this.desk = desk;
        this.group = group;
        input = new NormedInput(desk, group, "model.norm.weight", "head input");
        int vocabulary = group.rows();
        size = chunkSize(desk.tokens, Math.max(1, MOST / vocabulary));
        boolean training = desk.mode != PassMode.FORWARD;
        logits = desk.own(desk.wide, size, vocabulary);
        logitsSwapped = desk.swapped(logits.tensor());
        weightSlopes = desk.own(desk.wide, training ? vocabulary : 0, group.columns());
        inputSlopes = desk.passing("input slopes", desk.wide, training ? desk.tokens : 0, group.columns());
        for (int from = 0; from < desk.tokens; from += size) {
            chunks.add(new Chunk(from, desk.rows(input.block(), from, size),
                    training ? desk.rows(inputSlopes, from, size) : input.operand()));
        }
        row = new float[vocabulary];
    }

    /// The largest divisor of `tokens` that is at most `most`.
    private static int chunkSize(int tokens, int most) {
        int size = Math.min(tokens, most);
        while (tokens % size != 0) {
            size--;
        }
        return size;
    }

    NormedInput input() {
        return input;
    }

    /// When the input has taken all rows: Σ loss in nats over the targets that count.
    double loss(int[] targets) {
        double sum = 0;
        for (Chunk chunk : chunks) {
            Products.multiply(chunk.inputs, group.forwardWide(), logits.tensor());
            for (int i = 0; i < size; i++) {
                sum += loss(i, targets[chunk.from + i]);
            }
        }
        return sum;
    }

    /// The same, and back: gradients of the head and the last norm, and the slopes of the residual `x`.
    ///
    /// @param weight of each target in what the gradients are of
    double lossAndBack(int[] targets, float weight, Block x, Block slopes) {
        double sum = 0;
        for (Chunk chunk : chunks) {
            Products.multiply(chunk.inputs, group.forwardWide(), logits.tensor());
            for (int i = 0; i < size; i++) {
                int target = targets[chunk.from + i];
                sum += loss(i, target);
                if (target == Sequences.NONE) {
                    Arrays.fill(row, 0);
                } else {
                    row[target] -= 1;
                    Rows.scale(row, 0, row.length, weight);
                }
                logits.writeRow(i, row);
            }
            Products.multiply(logits.tensor(), group.backward(), chunk.inputSlopes);
            Products.multiply(logitsSwapped, chunk.inputs, weightSlopes.tensor());
            Linear.collect(desk, group, weightSlopes);
        }
        for (int token = 0; token < desk.tokens; token++) {
            inputSlopes.readRow(token, desk.row0);
            x.readRow(token, desk.row1);
            input.back(token, desk.row1, desk.row0);
            slopes.writeRow(token, desk.row0);
        }
        input.end();
        return sum;
    }

    /// Leaves the probabilities in `row`.
    private double loss(int index, int target) {
        if (target == Sequences.NONE) {
            return 0;
        }
        logits.readRow(index, row);
        float logit = row[target];
        int best = 0;
        for (int i = 1; i < row.length; i++) {
            best = row[i] > row[best] ? i : best;
        }
        float largest = row[best];
        desk.kernel.softmax(row, 0, row.length);
        return (largest - logit) - Math.log(row[best]);
    }
}
