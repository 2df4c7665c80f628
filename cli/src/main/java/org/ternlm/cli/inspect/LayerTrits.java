package org.ternlm.cli.inspect;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import org.ternlm.model.LinearRole;
import org.ternlm.quant.TritCounts;

/// The -1, 0 and +1 of one layer, for each of its ternary matrices.
///
/// @param counts empty where nothing is ternary
record LayerTrits(Map<LinearRole, TritCounts> counts) {
    LayerTrits {
        counts = Collections.unmodifiableMap(new EnumMap<>(counts));
    }

    /// Of all matrices together.
    TritCounts sum() {
        return counts.values().stream().reduce(TritCounts.NONE, TritCounts::plus);
    }
}
