package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.server.http.ApiException;

/// The fields of a JSON object of a request. Whatever is not as expected becomes an [ApiException] that names the field.
/// A field that is null counts as absent.
final class Fields {
    private static final int LONGEST_QUOTE = 40;
    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    /// Of a request's body.
    static Fields of(JsonNode body) {
        if (!body.isObject()) {
            throw ApiException.wrong(400, "invalid_json", "the body: expected a JSON object, found " + found(body));
        }
        return new Fields(body, "");
    }

    /// Of an object within a request.
    ///
    /// @param path such as `messages[2]`
    static Fields of(JsonNode object, String path) {
        if (!object.isObject()) {
            throw ApiException.field(path, "expected an object, found " + found(object));
        }
        return new Fields(object, path);
    }

    /// The whole name of a field, as errors give it.
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// @throws ApiException if there is a field of another name
    void checkNames(Set<String> known) {
        object.fieldNames().forEachRemaining(name -> {
            if (!known.contains(name)) {
                String shown = shortened(name);
                throw ApiException.field(400, path(shown), "unknown_field", path(shown) + ": there is no such field");
            }
        });
    }

    @Nullable
    JsonNode get(String name) {
        JsonNode value = object.get(name);
        return value == null || value.isNull() ? null : value;
    }

    JsonNode required(String name) {
        JsonNode value = get(name);
        if (value == null) {
            throw ApiException.field(400, path(name), "missing_field", path(name) + ": is missing");
        }
        return value;
    }

    String requiredText(String name) {
        return text(name, required(name));
    }

    @Nullable
    String text(String name) {
        JsonNode value = get(name);
        return value == null ? null : text(name, value);
    }

    private String text(String name, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong(name, "a string", value);
        }
        return value.textValue();
    }

    boolean flag(String name, boolean usual) {
        JsonNode value = get(name);
        if (value == null) {
            return usual;
        }
        if (!value.isBoolean()) {
            throw wrong(name, "true or false", value);
        }
        return value.booleanValue();
    }

    int integer(String name, int usual, int from, int to) {
        JsonNode value = get(name);
        return value == null ? usual : integer(name, value, from, to);
    }

    private int integer(String name, JsonNode value, int from, int to) {
        boolean whole = value.isIntegralNumber() || value.isFloatingPointNumber() && value.doubleValue() == Math.rint(
                value.doubleValue());
        if (!whole || value.doubleValue() < from || value.doubleValue() > to) {
            throw wrong(name, to == Integer.MAX_VALUE
                    ? "a whole number, at least " + from
                    : "a whole number from %d to %d".formatted(from, to), value);
        }
        return (int) value.doubleValue();
    }

    @Nullable
    Long whole(String name) {
        JsonNode value = get(name);
        if (value == null) {
            return null;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(name, "a whole number of 64 bits", value);
        }
        return value.longValue();
    }

    double number(String name, double usual, double from, double to) {
        JsonNode value = get(name);
        if (value == null) {
            return usual;
        }
        if (!value.isNumber() || !(value.doubleValue() >= from && value.doubleValue() <= to)) {
            throw wrong(name, "a number from %s to %s".formatted(plain(from), plain(to)), value);
        }
        return value.doubleValue();
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }

    /// An array's values, none if it is absent.
    List<JsonNode> array(String name, int most) {
        JsonNode value = get(name);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray() || value.size() > most) {
            throw wrong(name, "an array of at most " + most, value);
        }
        List<JsonNode> values = new ArrayList<>();
        value.forEach(values::add);
        return values;
    }

    /// An object within, or null.
    @Nullable
    Fields object(String name) {
        JsonNode value = get(name);
        return value == null ? null : of(value, path(name));
    }

    ApiException wrong(String name, String expected, JsonNode found) {
        return ApiException.field(path(name), "expected %s, found %s".formatted(expected, found(found)));
    }

    ApiException wrong(String name, String message) {
        return ApiException.field(path(name), message);
    }

    /// A value in few words.
    static String found(JsonNode value) {
        if (value.isTextual()) {
            return "\"" + shortened(value.textValue()) + "\"";
        }
        if (value.isArray()) {
            return "an array of " + value.size();
        }
        return value.isObject() ? "an object" : shortened(value.toString());
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST_QUOTE ? text : text.substring(0, LONGEST_QUOTE) + "…";
    }
}
