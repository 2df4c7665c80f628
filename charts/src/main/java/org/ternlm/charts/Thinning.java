package org.ternlm.charts;

import java.util.Arrays;

/// Leaves out points that nobody could see: of all that fall into one narrow column of the chart the first, the lowest, the
/// highest and the last stay, so that every peak is still there.
final class Thinning {
    /// About one for each unit of the picture's width.
    private static final int COLUMNS = 640;

    private Thinning() {}

    /// The same curve with at most four points a column.
    static Curve of(Curve curve, Range xRange) {
        int size = curve.size();
        if (size <= 2 * COLUMNS) {
            return curve;
        }
        int[] kept = new int[4 * (COLUMNS + 1)];
        int count = 0;
        int first = 0;
        while (first < size) {
            int column = column(curve, first, xRange);
            int lowest = first;
            int highest = first;
            int last = first;
            for (int i = first; i < size && column(curve, i, xRange) == column; i++) {
                lowest = curve.y(i) < curve.y(lowest) ? i : lowest;
                highest = curve.y(i) > curve.y(highest) ? i : highest;
                last = i;
            }
            for (int i : new int[] {first, Math.min(lowest, highest), Math.max(lowest, highest), last}) {
                if (count == 0 || kept[count - 1] < i) {
                    kept[count++] = i;
                }
            }
            first = last + 1;
        }
        return curve.through(Arrays.copyOf(kept, count));
    }

    private static int column(Curve curve, int point, Range xRange) {
        return Math.clamp((int) (xRange.place(curve.x(point)) * COLUMNS), 0, COLUMNS);
    }
}
