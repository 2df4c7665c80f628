package org.ternlm.cli.doctor;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// One thing that the doctor found.
///
/// @param name what was looked at: `vector API`
/// @param value what it is
/// @param advice what would make it better, null where it is fine
/// @param number the value for programs, in the unit without prefix; null where it is no number
/// @param failed whether something does not work as it must
public record Finding(String name, String value, @Nullable String advice, @Nullable Double number, boolean failed) {
    public Finding {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(value, "value");
    }

    /// A finding that could be better, or not if `advice` is null.
    public Finding(String name, String value, @Nullable String advice) {
        this(name, value, advice, null, false);
    }

    /// A finding that needs no advice.
    public static Finding fine(String name, String value) {
        return new Finding(name, value, null);
    }

    /// A measured amount.
    public static Finding measured(String name, String value, double number) {
        return new Finding(name, value, null, number, false);
    }

    /// Something that does not work as it must.
    public static Finding failure(String name, String value, String advice) {
        return new Finding(name, value, advice, null, true);
    }

    /// The name in JSON: `vector_api`.
    public String key() {
        return name.toLowerCase(Locale.ROOT).replace(' ', '_');
    }
}
