package org.ternlm.chat.jinja;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names and their values; what is set here is not seen outside. Not thread-safe.
final class Scope {
    private final @Nullable Scope outer;
    private final Map<String, Value> values = new HashMap<>();

    Scope(@Nullable Scope outer) {
        this.outer = outer;
    }

    Value find(String name) {
        for (Scope scope = this; scope != null; scope = scope.outer) {
            Value value = scope.values.get(name);
            if (value != null) {
                return value;
            }
        }
        return new Value.Undefined(name);
    }

    void set(String name, Value value) {
        values.put(name, value);
    }
}
