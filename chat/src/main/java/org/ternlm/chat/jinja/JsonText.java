package org.ternlm.chat.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.None;
import org.ternlm.chat.jinja.Value.Real;
import org.ternlm.chat.jinja.Value.Truth;
import org.ternlm.chat.jinja.Value.Whole;

/// Values as JSON, spaced as Python's `json.dumps` does it.
///
/// @param indent spaces a level, or -1 for one line
/// @param itemSeparator between elements
/// @param keySeparator between key and value
/// @param ascii whether other characters are escaped
/// @param sorted whether keys are in order
record JsonText(int indent, String itemSeparator, String keySeparator, boolean ascii, boolean sorted) {

    /// The arguments are those of Hugging Face's filter, which escapes nothing for HTML.
    static JsonText of(Arguments arguments) {
        int indent = arguments.whole(2, "indent", -1);
        boolean ascii = arguments.truth(1, "ensure_ascii", false);
        boolean sorted = arguments.truth(4, "sort_keys", false);
        List<Value> separators = arguments.optional(3, "separators").filter(value -> value != None.NONE)
                .map(Operators::elements).orElse(List.of());
        if (separators.size() == 2) {
            return new JsonText(indent, Operators.text(separators.get(0), "separators").text(),
                    Operators.text(separators.get(1), "separators").text(), ascii, sorted);
        }
        return new JsonText(indent, indent < 0 ? ", " : ",", ": ", ascii, sorted);
    }

    MarkedText write(Run run, Value value) {
        MarkedText.Builder out = new MarkedText.Builder();
        write(run, value, out, 1);
        return run.made(out.build());
    }

    private void write(Run run, Value value, MarkedText.Builder out, int level) {
        run.step();
        switch (value) {
            case MarkedText text -> quote(text, out);
            case None _ -> out.append("null");
            case Truth truth -> out.append(truth == Truth.TRUE ? "true" : "false");
            case Whole whole -> out.append(Long.toString(whole.value()));
            case Real real -> out.append(PythonText.real(real.value()));
            case Items items -> {
                out.append("[");
                String separator = "";
                for (Value element : items.values()) {
                    out.append(separator).append(lineBreak(level));
                    write(run, element, out, level + 1);
                    separator = itemSeparator;
                }
                out.append(items.values().isEmpty() ? "" : lineBreak(level - 1)).append("]");
            }
            case Mapping mapping -> writeObject(run, mapping, out, level);
            default -> throw new JinjaException("tojson: " + Operators.kind(value) + " is no JSON");
        }
    }

    private void writeObject(Run run, Mapping mapping, MarkedText.Builder out, int level) {
        Map<Value, Value> entries = mapping.entries();
        if (sorted) {
            entries = new TreeMap<>(Operators::order);
            entries.putAll(mapping.entries());
        }
        out.append("{");
        String separator = "";
        for (Map.Entry<Value, Value> entry : entries.entrySet()) {
            out.append(separator).append(lineBreak(level));
            quote(PythonText.of(entry.getKey()), out);
            out.append(keySeparator);
            write(run, entry.getValue(), out, level + 1);
            separator = itemSeparator;
        }
        out.append(entries.isEmpty() ? "" : lineBreak(level - 1)).append("}");
    }

    private String lineBreak(int level) {
        return indent < 0 ? "" : "\n" + " ".repeat(Math.min(indent, 16) * level);
    }

    private void quote(MarkedText text, MarkedText.Builder out) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        for (int i = 0; i < text.length(); i++) {
            char c = text.text().charAt(i);
            switch (c) {
                case '"' -> escaped.append("\\\"");
                case '\\' -> escaped.append("\\\\");
                case '\n' -> escaped.append("\\n");
                case '\r' -> escaped.append("\\r");
                case '\t' -> escaped.append("\\t");
                case '\b' -> escaped.append("\\b");
                case '\f' -> escaped.append("\\f");
                default -> {
                    if (c < ' ' || ascii && c > '~') {
                        escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) c));
                    } else {
                        escaped.append(c);
                    }
                }
            }
        }
        out.append("\"").append(text.turnedInto(escaped.toString())).append("\"");
    }
}
