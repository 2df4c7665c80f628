package org.ternlm.quant;

import java.util.Objects;

/// Activations as int8 by their largest magnitude, one scale a token: what both papers multiply with their weights
/// (arXiv 2310.11453, equation 4, with 127 for the bound; arXiv 2402.17764, section 2).
///
/// With `multiplier = 127 / max(max |x|, 1e-5)`:
///
/// ```
/// q = round(x * multiplier)                               half to even, in float
/// x ~ q / multiplier                                      activationScale = 1 / multiplier
/// y = sum(trit * q) * weightScale / multiplier            the sum is exact in int32
/// ```
///
/// The definition clips `q` to -128…127. Here nothing is left to clip: the largest magnitude times the multiplier is 127
/// but for two roundings to float, far from 127.5. So `q` is within ±127, -128 does not occur, and a sum of up to
/// 16,909,320 products fits an int32.
public final class AbsMax {

    /// The smallest magnitude that counts as the largest of a token, so that zeros have a multiplier.
    public static final float SMALLEST_MAXIMUM = 1e-5f;

    private static final float BOUND = 127;

    private AbsMax() {}

    /// Quantises the `length` activations of one token from `x[offset]` on to `q[qOffset]` on.
    ///
    /// Numbers that are not finite make the token meaningless, which is for the caller to notice where results are
    /// looked at; here they are not searched for. A NaN gives the multiplier NaN, an infinity without NaN the multiplier
    /// 0, and in both cases every `q` is 0: dividing by the multiplier then yields NaN.
    ///
    /// @return the multiplier: `q / multiplier` is about `x`, and `activationScale = 1 / multiplier`
    /// @throws IndexOutOfBoundsException if either range is not within its array
    public static float quantize(float[] x, int offset, int length, byte[] q, int qOffset) {
        Objects.checkFromIndexSize(offset, length, x.length);
        Objects.checkFromIndexSize(qOffset, length, q.length);
        float maximum = 0;
        for (int i = 0; i < length; i++) {
            maximum = Math.max(maximum, Math.abs(x[offset + i]));
        }
        float multiplier = multiplier(maximum);
        for (int i = 0; i < length; i++) {
            // By way of int: the cast makes NaN a 0.
            q[qOffset + i] = (byte) (int) Math.rint(x[offset + i] * multiplier);
        }
        return multiplier;
    }

    /// What activations are multiplied by whose largest magnitude is `maximum`.
    public static float multiplier(float maximum) {
        return BOUND / Math.max(maximum, SMALLEST_MAXIMUM);
    }
}
