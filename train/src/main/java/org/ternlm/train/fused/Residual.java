package org.ternlm.train.fused;

import org.jspecify.annotations.Nullable;

/// The stream that layers add to.
final class Residual {
    private Residual() {}

    /// out = x + what a layer gives; `next` takes the rows while they are at hand.
    static void add(Desk desk, Block x, Linear linear, Block out, @Nullable NormedInput next) {
        if (next != null) {
            next.begin();
        }
        for (int row = 0; row < desk.tokens; row++) {
            x.readRow(row, desk.row1);
            linear.read(row, desk.row0);
            Rows.add(desk.row0, 1, desk.row1, out.columns());
            out.writeRow(row, desk.row1);
            if (next != null) {
                next.take(row, desk.row1);
            }
        }
    }

    /// Adds to `slopes` what comes back through a layer's input, which took the rows of `x`.
    static void back(Desk desk, Block x, Linear linear, NormedInput input, Block slopes) {
        for (int row = 0; row < desk.tokens; row++) {
            linear.readInputSlope(row, desk.row0);
            x.readRow(row, desk.row1);
            input.back(row, desk.row1, desk.row0);
            slopes.readRow(row, desk.row2);
            Rows.add(desk.row0, 1, desk.row2, slopes.columns());
            slopes.writeRow(row, desk.row2);
        }
        input.end();
    }
}
