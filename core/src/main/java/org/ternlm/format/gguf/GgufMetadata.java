package org.ternlm.format.gguf;

import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.ternlm.format.ModelFormatException;

/// The metadata of a GGUF file: values by key, of the type that is asked for, or an error that names file and key.
///
/// Immutable; texts are decoded when asked for and need the file to be mapped still.
public final class GgufMetadata {
    private final Path path;
    private final Map<String, GgufValue> values;

    GgufMetadata(Path path, Map<String, GgufValue> values) {
        this.path = path;
        this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /// Where the file is, for messages.
    public Path path() {
        return path;
    }

    /// All of it, in the order of the file.
    public Map<String, GgufValue> values() {
        return values;
    }

    /// The keys, in the order of the file.
    public Set<String> keys() {
        return values.keySet();
    }

    /// @throws ModelFormatException if there is no such string
    public String text(String key) {
        return optionalText(key).orElseThrow(() -> wrong(key, "a string"));
    }

    /// The string, or empty if there is no such key.
    ///
    /// @throws ModelFormatException if it is something else
    public Optional<String> optionalText(String key) {
        return switch (values.get(key)) {
            case null -> Optional.empty();
            case GgufValue.Text text -> {
                try {
                    yield Optional.of(text.value());
                } catch (CharacterCodingException e) {
                    throw problem(key).expected("UTF-8").found("other bytes").cause(e).problem();
                }
            }
            default -> throw wrong(key, "a string");
        };
    }

    /// @throws ModelFormatException if there is no such array of strings
    public List<String> texts(String key) {
        if (!(values.get(key) instanceof GgufValue.Texts texts)) {
            throw wrong(key, "an array of strings");
        }
        try {
            return texts.values();
        } catch (CharacterCodingException e) {
            throw problem(key).expected("UTF-8").found("other bytes").cause(e).problem();
        }
    }

    /// The array of integers, which has `count` elements; empty if there is no such key.
    ///
    /// @throws ModelFormatException if it is something else
    public Optional<int[]> optionalWholes(String key, int count) {
        Optional<GgufValue.Numbers> numbers = numbers(key, count, "integers");
        if (numbers.isEmpty()) {
            return Optional.empty();
        }
        int[] wholes = new int[count];
        for (int i = 0; i < count; i++) {
            wholes[i] = (int) Math.clamp(numbers.get().whole(i), Integer.MIN_VALUE, Integer.MAX_VALUE);
        }
        return Optional.of(wholes);
    }

    /// The array of floating-point numbers, which has `count` elements.
    ///
    /// @throws ModelFormatException if it is missing or something else
    public float[] reals(String key, int count) {
        GgufValue.Numbers numbers = numbers(key, count, "floats")
                .orElseThrow(() -> wrong(key, "an array of " + count + " floats"));
        float[] reals = new float[count];
        for (int i = 0; i < count; i++) {
            reals[i] = (float) numbers.real(i);
        }
        return reals;
    }

    private Optional<GgufValue.Numbers> numbers(String key, int count, String what) {
        if (!values.containsKey(key)) {
            return Optional.empty();
        }
        boolean floats = what.equals("floats");
        if (values.get(key) instanceof GgufValue.Numbers numbers && numbers.count() == count
                && numbers.type() != GgufValueType.BOOL
                && (numbers.type() == GgufValueType.F32 || numbers.type() == GgufValueType.F64) == floats) {
            return Optional.of(numbers);
        }
        throw wrong(key, "an array of " + count + " " + what);
    }

    /// @throws ModelFormatException if there is no such integer
    public long whole(String key) {
        return optionalWhole(key).orElseThrow(() -> wrong(key, "an integer"));
    }

    /// The integer, or empty if there is no such key.
    ///
    /// @throws ModelFormatException if it is something else
    public OptionalLong optionalWhole(String key) {
        return switch (values.get(key)) {
            case null -> OptionalLong.empty();
            case GgufValue.Whole whole -> OptionalLong.of(whole.value());
            default -> throw wrong(key, "an integer");
        };
    }

    /// @throws ModelFormatException if there is no such number
    public double number(String key) {
        return optionalNumber(key).orElseThrow(() -> wrong(key, "a number"));
    }

    /// The number, or empty if there is no such key.
    ///
    /// @throws ModelFormatException if it is something else
    public OptionalDouble optionalNumber(String key) {
        return switch (values.get(key)) {
            case null -> OptionalDouble.empty();
            case GgufValue.Real real -> OptionalDouble.of(real.value());
            case GgufValue.Whole whole -> OptionalDouble.of(whole.value());
            default -> throw wrong(key, "a number");
        };
    }

    /// The flag, or `whenAbsent` if there is no such key.
    ///
    /// @throws ModelFormatException if it is something else
    public boolean flag(String key, boolean whenAbsent) {
        return switch (values.get(key)) {
            case null -> whenAbsent;
            case GgufValue.Flag flag -> flag.value();
            default -> throw wrong(key, "true or false");
        };
    }

    /// The exception for a value that is not what was `expected`.
    public ModelFormatException wrong(String key, String expected) {
        GgufValue value = values.get(key);
        return problem(key).expected(expected).found(value == null ? "nothing" : value.kind()).problem();
    }

    /// The start of an exception about the value of `key`.
    public ModelFormatException.Problem problem(String key) {
        return ModelFormatException.in(path).at(key);
    }
}
