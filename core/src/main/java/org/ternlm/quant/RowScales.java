package org.ternlm.quant;

import java.util.Arrays;

/// The scales of a matrix, gathered block by block from a layout that repeats them in every block.
///
/// One scale a row is what a [TernaryMatrix] can say. Blocks of one row that disagree are refused. A block of zeros with
/// scale 0 agrees with everything: public quantisers take the largest magnitude of a block as its scale.
final class RowScales {

    private static final float UNKNOWN = Float.NaN;

    private final Packing packing;
    private final float[] scales;

    RowScales(Packing packing, int rows) {
        this.packing = packing;
        this.scales = new float[rows];
        Arrays.fill(scales, UNKNOWN);
    }

    /// Takes the scale of the block that starts at `row`, `column`.
    ///
    /// @throws NotTernaryException if it is not that of the row's other blocks
    /// @throws IllegalArgumentException if it is not finite
    void accept(int row, int column, float scale, boolean blockIsZero) {
        if (!Float.isFinite(scale)) {
            throw new IllegalArgumentException("%s: the scale at row %d, column %d is %s".formatted(packing.name(), row,
                    column, scale));
        }
        if (blockIsZero && scale == 0) {
            return;
        }
        if (isUnknown(scales[row])) {
            scales[row] = scale;
        } else if (scales[row] != scale) {
            throw new NotTernaryException("%s: the scale at row %d, column %d is %s, earlier in the row %s: scales"
                    .formatted(packing.name(), row, column, scale, scales[row])
                    + " that differ within a row (group scales) are not representable yet");
        }
    }

    /// One scale where all known ones are equal, else one a row. Rows of zeros whose scale is unknown take the common
    /// one, or 0.
    float[] toArray() {
        float common = UNKNOWN;
        for (float scale : scales) {
            if (isUnknown(common)) {
                common = scale;
            } else if (!isUnknown(scale) && scale != common) {
                return known(scales.clone());
            }
        }
        return known(new float[] {common});
    }

    private static float[] known(float[] scales) {
        for (int i = 0; i < scales.length; i++) {
            if (isUnknown(scales[i])) {
                scales[i] = 0;
            }
        }
        return scales;
    }

    private static boolean isUnknown(float scale) {
        return Float.isNaN(scale);
    }
}
