package org.ternlm.generate;

import java.util.BitSet;

/// Decides before each step which tokens may come next: the hook for constrained decoding. Called by one thread at a
/// time; a [Scheduler] has several, and what one of them did the next one sees.
public interface TokenMask {
    /// Sets the bits of the allowed tokens in `allowed`, which comes empty. A token that ends the text must be among
    /// them for the text to end there; if none is allowed, generation ends.
    void allow(BitSet allowed);

    /// Learns which token was chosen.
    void accept(int token);
}
