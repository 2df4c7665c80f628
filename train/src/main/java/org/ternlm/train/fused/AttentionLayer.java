package org.ternlm.train.fused;

import java.util.Arrays;
import org.bytedeco.pytorch.Tensor;
import org.jspecify.annotations.Nullable;
import org.ternlm.model.ModelConfig;

/// Causal attention with its norm, its linear layers and its residual.
///
/// Heads lie in blocks of rows `(sequence · heads + head) · length + place`. Heads that share keys and values are
/// neighbours, so that together they are one matrix of `group · length` queries against `length` keys.
final class AttentionLayer {
    private final Desk desk;
    private final NormedInput input;
    private final Linear projections;
    private final NormedInput joined;
    private final Linear output;
    private final Heads query;
    private final Heads key;
    private final Heads value;
    private final Block probabilities;
    private final Tensor severalProbabilities;
    private final Tensor swappedProbabilities;
    private final Heads mixed;
    private final Back back;
    private final float queryFactor;

    /// One row for each head and token.
    private record Heads(Block block, int heads, Tensor several, Tensor swapped) {
        static Heads of(Desk desk, Block block, int heads) {
            Tensor several = desk.several(block, (long) desk.sequences * desk.config.keyValueHeads());
            return new Heads(block, heads, several, desk.swapped(several));
        }
    }

    /// Slopes; shared by all layers.
    private record Back(Heads query, Heads key, Heads value, Heads mixed, Block probabilities, Tensor several,
            Tensor swapped) {}

    AttentionLayer(Desk desk, int layer, PreparedWeights.Layer weights) {
        this.desk = desk;
        ModelConfig config = desk.config;
        String name = "model.layers." + layer + ".";
        input = new NormedInput(desk, weights.attentionInput(), name + "input_layernorm.weight", "attention input");
        projections = new Linear(desk, weights.attentionInput(), input, "projections", false);
        joined = new NormedInput(desk, weights.attentionOutput(),
                config.subNorms() ? name + "self_attn.attn_sub_norm.weight" : null, "joined heads");
        output = new Linear(desk, weights.attentionOutput(), joined, "attention output", false);
        query = heads("query", config.heads());
        key = heads("key", config.keyValueHeads());
        value = heads("value", config.keyValueHeads());
        mixed = heads("mixed", config.heads());
        probabilities = desk.kept("probabilities", desk.wide, (long) desk.tokens * config.heads(), desk.length);
        severalProbabilities = desk.several(probabilities, (long) desk.sequences * config.keyValueHeads());
        swappedProbabilities = desk.swapped(severalProbabilities);
        queryFactor = (float) (1 / Math.sqrt(config.headSize()));
        int there = desk.mode == PassMode.FORWARD ? 0 : 1;
        Block slopes = desk.passing("probability slopes", desk.wide, (long) there * desk.tokens * config.heads(),
                desk.length);
        Tensor several = there == 0
                ? severalProbabilities
                : desk.several(slopes, (long) desk.sequences * config.keyValueHeads());
        back = new Back(slopes("query", config.heads()), slopes("key", config.keyValueHeads()),
                slopes("value", config.keyValueHeads()), slopes("mixed", config.heads()), slopes, several,
                desk.swapped(several));
    }

    private Heads heads(String purpose, int heads) {
        return Heads.of(desk, desk.kept(purpose, desk.wide, (long) desk.tokens * heads, desk.config.headSize()),
                heads);
    }

    private Heads slopes(String purpose, int heads) {
        return desk.mode == PassMode.FORWARD
                ? query
                : Heads.of(desk, desk.passing(purpose + " slopes", desk.wide, (long) desk.tokens * heads,
                        desk.config.headSize()), heads);
    }

    NormedInput input() {
        return input;
    }

    /// When the input has taken all rows of `x`.
    ///
    /// @param out x plus what attention adds
    /// @param next takes its rows too
    void forward(Block x, Block out, int[] firstVisible, @Nullable NormedInput next) {
        projections.forward();
        for (int row = 0; row < desk.tokens; row++) {
            splitHeads(row);
        }
        Products.multiplyEach(query.several, key.swapped, severalProbabilities);
        softmax(firstVisible);
        Products.multiplyEach(severalProbabilities, value.several, mixed.several);
        joined.begin();
        for (int row = 0; row < desk.tokens; row++) {
            readHeads(mixed, row, desk.row0, 0);
            joined.take(row, desk.row0);
        }
        output.forward();
        Residual.add(desk, x, output, out, next);
    }

    private void splitHeads(int row) {
        ModelConfig config = desk.config;
        float[] all = desk.row0;
        projections.read(row, all);
        int table = row % desk.length * desk.rotary.half();
        int keys = config.querySize();
        rotate(all, 0, config.heads() + config.keyValueHeads(), table, 1);
        Rows.scale(all, 0, keys, queryFactor);
        writeHeads(query, row, all, 0);
        writeHeads(key, row, all, keys);
        writeHeads(value, row, all, keys + config.keyValueSize());
    }

    private void rotate(float[] x, int at, int heads, int table, float direction) {
        for (int head = 0; head < heads; head++) {
            Rows.rotate(x, at + head * desk.config.headSize(), desk.rotary.half(), desk.rotary.cosines(),
                    desk.rotary.sines(), table, direction);
        }
    }

    private void softmax(int[] firstVisible) {
        int length = desk.length;
        int heads = desk.config.heads();
        float[] scores = desk.row0;
        for (int row = 0; row < desk.tokens * heads; row++) {
            int place = row % length;
            int first = firstVisible[row / (heads * length) * length + place];
            probabilities.read((long) row * length, scores, 0, length);
            desk.kernel.softmax(scores, first, place + 1 - first);
            Arrays.fill(scores, 0, first, 0);
            Arrays.fill(scores, place + 1, length, 0);
            probabilities.write((long) row * length, scores, 0, length);
        }
    }

    private void writeHeads(Heads heads, int row, float[] from, int at) {
        int size = desk.config.headSize();
        for (int head = 0; head < heads.heads; head++) {
            heads.block.write(place(heads, row, head), from, at + head * size, size);
        }
    }

    private void readHeads(Heads heads, int row, float[] into, int at) {
        int size = desk.config.headSize();
        for (int head = 0; head < heads.heads; head++) {
            heads.block.read(place(heads, row, head), into, at + head * size, size);
        }
    }

    private long place(Heads heads, int row, int head) {
        long sequence = row / desk.length;
        return ((sequence * heads.heads + head) * desk.length + row % desk.length) * desk.config.headSize();
    }

    /// Back: `slopes` of the residual after this layer become those before it.
    void backward(Block x, Block slopes) {
        for (int row = 0; row < desk.tokens; row++) {
            slopes.readRow(row, desk.row0);
            output.writeSlope(row, desk.row0);
        }
        output.backward();
        for (int row = 0; row < desk.tokens; row++) {
            output.readInputSlope(row, desk.row0);
            readHeads(mixed, row, desk.row1, 0);
            joined.back(row, desk.row1, desk.row0);
            writeHeads(back.mixed, row, desk.row0, 0);
        }
        joined.end();
        Products.multiplyEach(back.mixed.several, value.swapped, back.several);
        Products.multiplyEach(swappedProbabilities, back.mixed.several, back.value.several);
        softmaxBackward();
        Products.multiplyEach(back.several, key.several, back.query.several);
        Products.multiplyEach(back.swapped, query.several, back.key.several);
        for (int row = 0; row < desk.tokens; row++) {
            joinSlopes(row);
        }
        projections.backward();
        Residual.back(desk, x, projections, input, slopes);
    }

    private void softmaxBackward() {
        int length = desk.length;
        for (int row = 0; row < desk.tokens * desk.config.heads(); row++) {
            int places = row % length + 1;
            probabilities.read((long) row * length, desk.row0, 0, places);
            back.probabilities.read((long) row * length, desk.row1, 0, places);
            Rows.softmaxBackward(desk.kernel, desk.row0, desk.row1, places, desk.sum);
            Arrays.fill(desk.row1, places, length, 0);
            back.probabilities.write((long) row * length, desk.row1, 0, length);
        }
    }

    private void joinSlopes(int row) {
        ModelConfig config = desk.config;
        float[] all = desk.row0;
        int keys = config.querySize();
        readHeads(back.query, row, all, 0);
        readHeads(back.key, row, all, keys);
        readHeads(back.value, row, all, keys + config.keyValueSize());
        Rows.scale(all, 0, keys, queryFactor);
        rotate(all, 0, config.heads() + config.keyValueHeads(), row % desk.length * desk.rotary.half(), -1);
        projections.writeSlope(row, all);
    }
}
