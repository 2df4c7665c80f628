package org.ternlm.chat.jinja;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.None;
import org.ternlm.chat.jinja.Value.Real;
import org.ternlm.chat.jinja.Value.Truth;
import org.ternlm.chat.jinja.Value.Undefined;
import org.ternlm.chat.jinja.Value.Whole;

/// Values as text, as Python's `str`, `repr`, `%` and `format` write them.
final class PythonText {
    private static final Pattern PLACE = Pattern.compile("%(?:\\.(\\d{1,2}))?([sdrfi%])");
    private static final Pattern BRACES = Pattern.compile("\\{\\{|\\}\\}|\\{(\\w*)\\}");

    private PythonText() {}

    /// What is written where a template shows a value.
    static MarkedText of(Value value) {
        return switch (value) {
            case MarkedText text -> text;
            case Undefined _ -> MarkedText.EMPTY;
            case None _ -> MarkedText.own("None");
            case Truth truth -> MarkedText.own(truth == Truth.TRUE ? "True" : "False");
            case Whole whole -> MarkedText.own(Long.toString(whole.value()));
            case Real real -> MarkedText.own(real(real.value()));
            case Items _,Mapping _,Value.Namespace _ -> literal(value);
            case Value.Function _ -> throw new JinjaException("a function was to be written");
        };
    }

    /// As Python would read it again.
    static MarkedText literal(Value value) {
        MarkedText.Builder text = new MarkedText.Builder();
        write(value, text);
        return text.build();
    }

    private static void write(Value value, MarkedText.Builder out) {
        switch (value) {
            case MarkedText text -> quote(text, out);
            case Items items -> {
                out.append(items.isTuple() ? "(" : "[");
                writeAll(items.values(), out);
                out.append(!items.isTuple() ? "]" : items.values().size() == 1 ? ",)" : ")");
            }
            case Mapping mapping -> {
                String separator = "{";
                for (Map.Entry<Value, Value> entry : mapping.entries().entrySet()) {
                    out.append(separator);
                    write(entry.getKey(), out);
                    out.append(": ");
                    write(entry.getValue(), out);
                    separator = ", ";
                }
                out.append(mapping.entries().isEmpty() ? "{}" : "}");
            }
            case Value.Namespace _ -> out.append("<Namespace>");
            case Undefined _ -> out.append("Undefined");
            default -> out.append(of(value));
        }
    }

    private static void writeAll(List<Value> values, MarkedText.Builder out) {
        for (int i = 0; i < values.size(); i++) {
            out.append(i == 0 ? "" : ", ");
            write(values.get(i), out);
        }
    }

    private static void quote(MarkedText text, MarkedText.Builder out) {
        String quote = text.text().contains("'") && !text.text().contains("\"") ? "\"" : "'";
        StringBuilder escaped = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.text().charAt(i);
            switch (c) {
                case '\n' -> escaped.append("\\n");
                case '\t' -> escaped.append("\\t");
                case '\r' -> escaped.append("\\r");
                case '\\' -> escaped.append("\\\\");
                default -> {
                    if (c < ' ' || c == 0x7f) {
                        escaped.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
                    } else {
                        escaped.append(quote.indexOf(c) >= 0 ? "\\" : "").append(c);
                    }
                }
            }
        }
        out.append(quote).append(text.turnedInto(escaped.toString())).append(quote);
    }

    /// A floating-point number with the digits that Python shows.
    static String real(double value) {
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return Double.isNaN(value) ? "nan" : value > 0 ? "inf" : "-inf";
        }
        double size = Math.abs(value);
        if (size != 0 && (size < 1e-4 || size >= 1e16)) {
            String[] parts = Double.toString(value).split("E", 2);
            int exponent = Integer.parseInt(parts[1]);
            String digits = parts[0].endsWith(".0") ? parts[0].substring(0, parts[0].length() - 2) : parts[0];
            return digits + "e" + (exponent < 0 ? "-" : "+") + String.format(Locale.ROOT, "%02d", Math.abs(exponent));
        }
        String text = new java.math.BigDecimal(Double.toString(value)).toPlainString();
        return text.contains(".") ? text : text + ".0";
    }

    /// `format % values`.
    static MarkedText formatted(MarkedText format, Value values) {
        List<Value> list = values instanceof Items items && items.isTuple() ? items.values() : List.of(values);
        MarkedText.Builder out = new MarkedText.Builder();
        Matcher place = PLACE.matcher(format.text());
        int done = 0;
        int next = 0;
        while (place.find()) {
            out.append(format.slice(done, place.start()));
            done = place.end();
            if (place.group(2).equals("%")) {
                out.append("%");
                continue;
            }
            if (next == list.size()) {
                throw new JinjaException("%: fewer values than places");
            }
            out.append(formatted(place, list.get(next++)));
        }
        return out.append(format.slice(done, format.length())).build();
    }

    private static MarkedText formatted(Matcher place, Value value) {
        return switch (place.group(2)) {
            case "d", "i" -> MarkedText.own(Long.toString((long) Operators.real(value)));
            case "f" -> MarkedText.own(String.format(Locale.ROOT,
                    "%." + (place.group(1) == null ? "6" : place.group(1)) + "f", Operators.real(value)));
            case "r" -> literal(value);
            default -> of(value);
        };
    }

    /// `format.format(…)` with plain places: `{}`, `{0}`, `{name}`.
    static MarkedText braced(MarkedText format, Arguments arguments) {
        MarkedText.Builder out = new MarkedText.Builder();
        Matcher place = BRACES.matcher(format.text());
        int done = 0;
        int next = 0;
        while (place.find()) {
            out.append(format.slice(done, place.start()));
            done = place.end();
            String name = place.group(1);
            if (name == null) {
                out.append(place.group().substring(1));
            } else if (name.isEmpty() || Character.isDigit(name.charAt(0))) {
                int index = name.isEmpty() ? next++ : Integer.parseInt(name.length() > 4 ? "9999" : name);
                out.append(of(arguments.required(index, "for " + place.group())));
            } else {
                out.append(of(arguments.required(Integer.MAX_VALUE, name)));
            }
        }
        return out.append(format.slice(done, format.length())).build();
    }
}
