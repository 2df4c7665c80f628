package org.ternlm.model;

import java.util.Arrays;

/// Products that are added up for one token. In ternary layers each is an addition, a subtraction or nothing.
///
/// @param linear in the linear layers of all layers, `rows · columns` each
/// @param attention between the query and the keys, and between the weights so found and the values
/// @param head in the head
public record MultiplyAccumulates(long linear, long attention, long head) {

    /// For a token that attends to `positions` positions, itself among them.
    public static MultiplyAccumulates of(ModelConfig config, int positions) {
        long linear = Arrays.stream(LinearRole.values())
                .mapToLong(role -> (long) role.rows(config) * role.columns(config)).sum();
        return new MultiplyAccumulates(config.layers() * linear,
                2L * config.layers() * config.querySize() * positions,
                (long) config.vocabularySize() * config.hiddenSize());
    }

    /// All of them.
    public long total() {
        return linear + attention + head;
    }
}
