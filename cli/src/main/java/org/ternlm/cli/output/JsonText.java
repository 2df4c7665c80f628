package org.ternlm.cli.output;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;

/// Writes one JSON object for a program to read. By hand and not by mapping of classes: the names are the interface, and
/// no class has to be examined before the first byte.
public final class JsonText {
    private static final JsonFactory FACTORY = new JsonFactory();

    /// Writes the fields of an object.
    @FunctionalInterface
    public interface Fields {
        /// @throws IOException never in fact: the target is memory
        void write(JsonGenerator json) throws IOException;
    }

    private JsonText() {}

    /// The object on one line.
    public static String object(Fields fields) throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = FACTORY.createGenerator(text)) {
            json.writeStartObject();
            fields.write(json);
            json.writeEndObject();
        }
        return text.toString();
    }

    /// Writes a field that holds whole numbers.
    public static void ints(JsonGenerator json, String name, int[] values) throws IOException {
        json.writeFieldName(name);
        json.writeArray(values, 0, values.length);
    }
}
