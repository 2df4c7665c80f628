package org.ternlm.train.torch;

import org.ternlm.train.fused.PassMode;

/// The same, computing layers again instead of keeping what they computed.
class RecomputingPassTest extends FusedPassTest {
    @Override
    PassMode mode() {
        return PassMode.RECOMPUTE;
    }
}
