package org.ternlm.cli.doctor;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One thing that the doctor found.
///
/// @param name what was looked at: `vector API`
/// @param value what it is
/// @param advice what would make it better, null where it is fine
public record Finding(String name, String value, @Nullable String advice) {
    public Finding {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /// A finding that needs no advice.
    public static Finding fine(String name, String value) {
        return new Finding(name, value, null);
    }

    /// The name in JSON: `vector_api`.
    public String key() {
        return name.toLowerCase(Locale.ROOT).replace(' ', '_');
    }
}
