package org.ternlm.compare.step;

import java.util.LinkedHashMap;
import java.util.Map;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.config.ArmSet;
import org.ternlm.compare.config.Size;

/// A model of a comparison.
///
/// @param set it belongs to
/// @param size its shape
/// @param arm its linear layers
/// @param seed of its weights and data
record Subject(ArmSet set, Size size, Arm arm, long seed) {
    /// Names its files.
    String id() {
        return "%s-%s-%s-%d".formatted(set.configName(), size.name(), arm.configName(), seed);
    }

    /// The step of that kind for it.
    String step(Kind kind) {
        return kind.word() + "-" + id();
    }

    Map<String, String> about() {
        Map<String, String> about = new LinkedHashMap<>();
        about.put("set", set.configName());
        about.put("size", size.name());
        about.put("arm", arm.configName());
        about.put("seed", Long.toString(seed));
        return about;
    }
}
