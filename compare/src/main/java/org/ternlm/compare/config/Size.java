package org.ternlm.compare.config;

/// A shape.
///
/// @param name in reports and files
/// @param hidden width of the residual
/// @param feedForward width of the feed-forward network
/// @param layers how many
/// @param heads of queries
/// @param keyValueHeads of keys and values; divides `heads`
public record Size(String name, int hidden, int feedForward, int layers, int heads, int keyValueHeads) {

    static Size read(Section section) {
        String name = section.text("name");
        if (!name.matches("[A-Za-z0-9._-]{1,40}")) {
            throw section.problem("name", "letters, digits, dots and dashes");
        }
        int hidden = (int) section.whole("hidden", 2, 1 << 16);
        int heads = (int) section.whole("heads", 1, 1 << 12);
        int keyValueHeads = (int) section.whole("key_value_heads", 1, heads, heads);
        if (hidden % (2 * heads) != 0) {
            throw section.problem("hidden", "an even multiple of heads = " + heads);
        }
        if (heads % keyValueHeads != 0) {
            throw section.problem("key_value_heads", "a divisor of heads = " + heads);
        }
        return new Size(name, hidden, (int) section.whole("feed_forward", 1, 1 << 18),
                (int) section.whole("layers", 1, 1024), heads, keyValueHeads);
    }

    /// Weights of the linear layers.
    public long linearWeights() {
        long keyValue = (long) hidden / heads * keyValueHeads;
        return layers * (2L * hidden * hidden + 2L * hidden * keyValue + 3L * hidden * feedForward);
    }

    /// All weights but those of norms.
    public long weights(int vocabulary, boolean tiedHead) {
        return linearWeights() + (tiedHead ? 1L : 2L) * vocabulary * hidden;
    }

    /// Multiplications and additions of a training step for each token: two a weight forward, four back; attention over
    /// `length` positions beside them.
    public double trainingOperations(int vocabulary, int length) {
        return 6.0 * (linearWeights() + (double) vocabulary * hidden) + 12.0 * layers * hidden * length;
    }
}
