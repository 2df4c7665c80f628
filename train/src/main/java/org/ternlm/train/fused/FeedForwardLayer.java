package org.ternlm.train.fused;

import org.jspecify.annotations.Nullable;
import org.ternlm.model.Activation;

/// The gated feed-forward with its norm, its linear layers and its residual.
final class FeedForwardLayer {
    private final Desk desk;
    private final int inner;
    private final Activation activation;
    private final NormedInput input;
    private final Linear gateUp;
    private final NormedInput gated;
    private final Linear down;
    private final float[] both;

    FeedForwardLayer(Desk desk, int layer, PreparedWeights.Layer weights) {
        this.desk = desk;
        inner = desk.config.feedForwardSize();
        activation = desk.config.activation();
        String name = "model.layers." + layer + ".";
        input = new NormedInput(desk, weights.gateUp(), name + "post_attention_layernorm.weight",
                "feed-forward input");
        gateUp = new Linear(desk, weights.gateUp(), input, "gate and up", true);
        gated = new NormedInput(desk, weights.down(),
                desk.config.subNorms() ? name + "mlp.ffn_sub_norm.weight" : null, "gated");
        down = new Linear(desk, weights.down(), gated, "down", false);
        both = new float[2 * inner];
    }

    NormedInput input() {
        return input;
    }

    /// When the input has taken all rows of `x`.
    ///
    /// @param out x plus what the feed-forward adds
    /// @param next takes its rows too
    void forward(Block x, Block out, @Nullable NormedInput next) {
        prepare();
        down.forward();
        Residual.add(desk, x, down, out, next);
    }

    /// All of [#forward] that the way back needs.
    void prepare() {
        gateUp.forward();
        gated.begin();
        for (int row = 0; row < desk.tokens; row++) {
            readGateUp(row, desk.row0, desk.row1);
            gate(desk.row0, desk.row1);
            gated.take(row, desk.row0);
        }
    }

    private void readGateUp(int row, float[] gate, float[] up) {
        gateUp.read(row, both);
        System.arraycopy(both, 0, gate, 0, inner);
        System.arraycopy(both, inner, up, 0, inner);
    }

    /// The product stands in `gate` after that.
    private void gate(float[] gate, float[] up) {
        switch (activation) {
            case SILU -> desk.kernel.siluGate(gate, up, 0, inner);
            case RELU_SQUARED -> desk.kernel.reluSquaredGate(gate, up, 0, inner);
        }
    }

    /// Back: `slopes` of the residual after this layer become those before it.
    void backward(Block x, Block slopes) {
        for (int row = 0; row < desk.tokens; row++) {
            slopes.readRow(row, desk.row0);
            down.writeSlope(row, desk.row0);
        }
        down.backward();
        for (int row = 0; row < desk.tokens; row++) {
            down.readInputSlope(row, desk.row0);
            readGateUp(row, desk.row1, desk.row2);
            System.arraycopy(desk.row1, 0, desk.row3, 0, inner);
            gate(desk.row3, desk.row2);
            gated.back(row, desk.row3, desk.row0);
            switch (activation) {
                case SILU -> Rows.siluBackward(desk.row0, desk.row1, desk.row2, inner);
                case RELU_SQUARED -> Rows.reluSquaredBackward(desk.row0, desk.row1, desk.row2, inner);
            }
            System.arraycopy(desk.row1, 0, both, 0, inner);
            System.arraycopy(desk.row2, 0, both, inner, inner);
            gateUp.writeSlope(row, both);
        }
        gated.end();
        gateUp.backward();
        Residual.back(desk, x, gateUp, input, slopes);
    }
}
