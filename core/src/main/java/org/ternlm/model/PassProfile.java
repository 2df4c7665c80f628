package org.ternlm.model;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.ternlm.kernel.Activations;

/// Where the time of a [Decoder]'s passes goes: nanoseconds of the calling thread, summed by part over all layers and
/// passes since [#reset]. What threads wait for each other counts with the part that they share.
///
/// Not thread-safe: as the decoder, for one thread at a time.
public final class PassProfile {
    private final List<long[]> downInputs = new ArrayList<>();
    private final long[] nanos = new long[Part.values().length];
    private long last;

    /// The parts of a pass, in its order.
    public enum Part {
        /// The tokens' rows of the embedding.
        EMBEDDING("embedding"),
        /// The norms before attention and feed-forward.
        NORMS("norms"),
        /// The projections to queries, keys and values, with the rounding of their input.
        QUERY_KEY_VALUE("q, k, v"),
        /// Rotary embedding, norms of heads, keys and values into the cache.
        ROTARY("rotary, cache"),
        /// Scores, softmax and mixture.
        ATTENTION("attention"),
        /// The sub-norms before output and down projection.
        SUB_NORMS("sub-norms"),
        /// The output projection, with the rounding of its input.
        OUTPUT("output"),
        /// Gate and up projection, with the rounding of their input.
        GATE_UP("gate, up"),
        /// The activation times the up projection.
        ACTIVATION("activation"),
        /// The down projection, with the rounding of its input.
        DOWN("down"),
        /// The additions to the residual stream.
        RESIDUAL("residual"),
        /// The last norm and the product with the head.
        HEAD("head"),
        /// What the receiver of the logits does with them.
        CHOICE("choice");

        private final String title;

        Part(String title) {
            this.title = title;
        }

        /// A name for tables.
        public String title() {
            return title;
        }
    }

    /// Forgets all that was measured.
    public void reset() {
        Arrays.fill(nanos, 0);
        downInputs.clear();
    }

    /// Nanoseconds of a part.
    public long nanos(Part part) {
        return nanos[part.ordinal()];
    }

    /// Nanoseconds of all parts.
    public long total() {
        return Arrays.stream(nanos).sum();
    }

    /// For each layer the share of the down projection's int8 inputs that are not 0, 0 to 1; empty where the layers are not
    /// ternary.
    public List<Double> downDensities() {
        return downInputs.stream().map(counts -> (double) counts[0] / counts[1]).toList();
    }

    /// Counts what the down projection of a layer takes. The time for that belongs to no part.
    void countDownInput(int layer, Activations activations) {
        while (downInputs.size() <= layer) {
            downInputs.add(new long[2]);
        }
        long[] counts = downInputs.get(layer);
        for (int token = 0; token < activations.tokens(); token++) {
            counts[0] += activations.nonZeros(token);
            counts[1] += activations.columns();
        }
        begin();
    }

    /// What passes from now on belongs to the part that is marked next.
    void begin() {
        last = System.nanoTime();
    }

    /// Counts what has passed since the last mark for `part`.
    void mark(Part part) {
        long now = System.nanoTime();
        nanos[part.ordinal()] += now - last;
        last = now;
    }
}
