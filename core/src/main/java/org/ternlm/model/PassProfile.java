package org.ternlm.model;

import java.util.Arrays;

/// Where the time of a [Decoder]'s passes goes: nanoseconds of the calling thread, summed by part over all layers and
/// passes since [#reset]. What threads wait for each other counts with the part that they share.
///
/// Not thread-safe: as the decoder, for one thread at a time.
public final class PassProfile {
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
    }

    /// Nanoseconds of a part.
    public long nanos(Part part) {
        return nanos[part.ordinal()];
    }

    /// Nanoseconds of all parts.
    public long total() {
        return Arrays.stream(nanos).sum();
    }

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
