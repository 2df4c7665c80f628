package org.ternlm.cli.inspect;

import org.ternlm.cli.output.Ink;
import org.ternlm.quant.TritCounts;

/// Shares of -1, 0 and +1 as a bar of minus signs, dots and plus signs: readable without colours, too.
///
/// @param width characters
record TritBar(int width, Ink ink) {

    String of(TritCounts counts) {
        int minus = (int) Math.round(width * counts.share(counts.minus()));
        int plus = Math.min(width - minus, (int) Math.round(width * counts.share(counts.plus())));
        return ink.blue("-".repeat(minus)) + ink.faint("·".repeat(width - minus - plus))
                + ink.yellow("+".repeat(plus));
    }
}
