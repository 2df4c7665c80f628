package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ternlm.chat.jinja.Value.Function;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.Real;
import org.ternlm.chat.jinja.Value.Undefined;
import org.ternlm.chat.jinja.Value.Whole;

/// Jinja's filters, those that chat templates use. The first argument is the value that is filtered.
final class Filters {
    private static final Map<String, Function> ALL = all();

    private Filters() {}

    static Optional<Function> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Map<String, Function> all() {
        Map<String, Function> filters = new HashMap<>();
        putTexts(filters);
        putLists(filters);
        putNumbers(filters);
        putSelections(filters);
        filters.put("tojson", (run, a) -> JsonText.of(a).write(run, value(a)));
        filters.put("default", Filters::orDefault);
        filters.put("d", Filters::orDefault);
        filters.put("items", (_, a) -> value(a) instanceof Mapping mapping ? Members.pairs(mapping) : empty(value(a)));
        filters.put("dictsort", (_, a) -> {
            List<Value> pairs = new ArrayList<>(Members.pairs((Mapping) mapping(value(a))).values());
            pairs.sort((x, y) -> order(((Items) x).values().getFirst(), ((Items) y).values().getFirst(), false));
            return Items.list(pairs);
        });
        return filters;
    }

    private static void putTexts(Map<String, Function> filters) {
        filters.put("trim", (_, a) -> TextMethods.stripped(text(a), a.optionalText(1, "chars"), true, true));
        filters.put("upper", (_, a) -> text(a).upper());
        filters.put("lower", (_, a) -> text(a).lower());
        filters.put("title", (_, a) -> text(a).titled());
        filters.put("capitalize", (_, a) -> text(a).capitalized());
        filters.put("string", (run, a) -> run.made(text(a)));
        filters.put("safe", (_, a) -> text(a));
        filters.put("replace", (run, a) -> run.made(TextMethods.replaced(text(a), a.text(1, "old"), a.text(2, "new"),
                a.whole(3, "count", -1))));
        filters.put("indent", Filters::indented);
        filters.put("format", (run, a) -> run.made(PythonText.formatted(text(a),
                new Items(a.from(1).positional(), true))));
        filters.put("join", (run, a) -> run.made(MarkedText.join(
                mapped(run, a, 2).stream().map(PythonText::of).toList(),
                a.optionalText(1, "d").orElse(MarkedText.EMPTY))));
    }

    private static void putLists(Map<String, Function> filters) {
        Function length = (_, a) -> new Whole(value(a) instanceof MarkedText text
                ? text.text().codePointCount(0, text.length())
                : Operators.elements(value(a)).size());
        filters.put("length", length);
        filters.put("count", length);
        filters.put("list", (run, a) -> made(run, Operators.elements(value(a))));
        filters.put("first", (_, a) -> elements(a).isEmpty()
                ? new Undefined("the first of none")
                : elements(a).getFirst());
        filters.put("last", (_, a) -> elements(a).isEmpty()
                ? new Undefined("the last of none")
                : elements(a).getLast());
        filters.put("reverse", (run, a) -> {
            List<Value> reversed = new ArrayList<>(elements(a)).reversed();
            run.steps(reversed.size());
            return value(a) instanceof MarkedText
                    ? MarkedText.join(reversed.stream().map(PythonText::of).toList(),
                            MarkedText.EMPTY)
                    : Items.list(List.copyOf(reversed));
        });
        filters.put("sort", Filters::sorted);
        filters.put("unique", (run, a) -> {
            List<Value> unique = new ArrayList<>();
            for (Value element : elements(a)) {
                run.steps(1 + unique.size() / 16);
                if (unique.stream().noneMatch(known -> Operators.equal(known, element))) {
                    unique.add(element);
                }
            }
            return Items.list(unique);
        });
    }

    private static void putNumbers(Map<String, Function> filters) {
        filters.put("int", (_, a) -> new Whole((long) number(value(a), a.optional(1, "default"))));
        filters.put("float", (_, a) -> new Real(number(value(a), a.optional(1, "default"))));
        filters.put("abs", (_, a) -> value(a) instanceof Real real
                ? new Real(Math.abs(real.value()))
                : new Whole(Math.abs(Operators.whole(value(a), "abs"))));
        filters.put("round", (_, a) -> {
            double scale = Math.pow(10, Math.clamp(a.whole(1, "precision", 0), 0, 15));
            return new Real(Math.rint(Operators.real(value(a)) * scale) / scale);
        });
        filters.put("sum", (run, a) -> {
            Value sum = new Whole(0);
            for (Value element : mapped(run, a, 1)) {
                sum = Operators.binary(run, "+", sum, element);
            }
            return sum;
        });
        filters.put("min", (_, a) -> elements(a).stream().min(Operators::order).orElse(new Undefined("min of none")));
        filters.put("max", (_, a) -> elements(a).stream().max(Operators::order).orElse(new Undefined("max of none")));
    }

    private static void putSelections(Map<String, Function> filters) {
        filters.put("select", (run, a) -> selected(run, a, false, true));
        filters.put("reject", (run, a) -> selected(run, a, false, false));
        filters.put("selectattr", (run, a) -> selected(run, a, true, true));
        filters.put("rejectattr", (run, a) -> selected(run, a, true, false));
        filters.put("map", (run, a) -> {
            Optional<Value> attribute = Optional.ofNullable(a.named().get("attribute"));
            if (attribute.isPresent()) {
                return made(run, mapped(run, a, Integer.MAX_VALUE).stream()
                        .map(value -> value instanceof Undefined && a.named().containsKey("default")
                                ? a.required(Integer.MAX_VALUE, "default")
                                : value)
                        .toList());
            }
            String name = a.text(1, "filter").text();
            Function filter = named(name).orElseThrow(() -> new JinjaException("there is no filter " + name));
            return made(run, elements(a).stream().map(element -> filter.call(run, a.from(2).after(element))).toList());
        });
    }

    private static Value value(Arguments arguments) {
        return arguments.required(0, "value");
    }

    private static MarkedText text(Arguments arguments) {
        return PythonText.of(value(arguments));
    }

    private static List<Value> elements(Arguments arguments) {
        return Operators.elements(value(arguments));
    }

    private static Value made(Run run, List<Value> values) {
        run.steps(values.size());
        return Items.list(values);
    }

    private static Value mapping(Value value) {
        if (value instanceof Mapping) {
            return value;
        }
        throw new JinjaException("expected a dictionary, found " + Operators.kind(value));
    }

    private static Value empty(Value value) {
        if (value instanceof Undefined) {
            return Items.list(List.of());
        }
        return mapping(value);
    }

    private static Value orDefault(Run run, Arguments arguments) {
        boolean absent = value(arguments) instanceof Undefined
                || arguments.truth(2, "boolean", false) && !Operators.isTrue(value(arguments));
        return absent ? arguments.optional(1, "default_value").orElse(MarkedText.EMPTY) : value(arguments);
    }

    private static Value indented(Run run, Arguments arguments) {
        MarkedText width = arguments.optional(1, "width").orElse(new Whole(4)) instanceof MarkedText text
                ? text
                : MarkedText.own(" ".repeat(Math.clamp(arguments.whole(1, "width", 4), 0, 1000)));
        boolean first = arguments.truth(2, "first", false);
        boolean blank = arguments.truth(3, "blank", false);
        MarkedText text = text(arguments);
        MarkedText.Builder out = new MarkedText.Builder();
        int start = 0;
        while (start <= text.length()) {
            int end = text.text().indexOf('\n', start);
            end = end < 0 ? text.length() : end;
            boolean isFirst = start == 0;
            if (isFirst ? first : blank || end > start) {
                out.append(width);
            }
            out.append(text.slice(start, Math.min(end + 1, text.length())));
            start = end + 1;
        }
        return run.made(out.build());
    }

    private static double number(Value value, Optional<Value> otherwise) {
        if (Operators.isNumber(value)) {
            return Operators.real(value);
        }
        try {
            return Double.parseDouble(PythonText.of(value).text().strip());
        } catch (NumberFormatException notOne) {
            return otherwise.map(Operators::real).orElse(0.0);
        }
    }

    /// The elements, or that member of each which the argument `attribute` names.
    private static List<Value> mapped(Run run, Arguments arguments, int index) {
        Optional<Value> attribute = arguments.optional(index, "attribute");
        List<Value> elements = elements(arguments);
        run.steps(elements.size());
        return attribute.isEmpty()
                ? elements
                : elements.stream().map(element -> member(run, element, attribute.get())).toList();
    }

    private static Value member(Run run, Value of, Value path) {
        if (path instanceof Whole) {
            return Members.item(run, of, path);
        }
        Value value = of;
        for (String name : Operators.text(path, "attribute").text().split("\\.", -1)) {
            value = Members.item(run, value, MarkedText.own(name));
        }
        return value;
    }

    private static Value selected(Run run, Arguments arguments, boolean byMember, boolean wanted) {
        int at = byMember ? 2 : 1;
        Optional<String> name = arguments.positional().size() > at
                ? Optional.of(arguments.text(at, "test").text())
                : Optional.empty();
        ValueTest test = name.isEmpty()
                ? (value, _) -> Operators.isTrue(value)
                : ValueTest.named(name.get())
                        .orElseThrow(() -> new JinjaException("there is no test " + name.get()));
        List<Value> selected = new ArrayList<>();
        for (Value element : elements(arguments)) {
            run.step();
            Value tested = byMember ? member(run, element, arguments.required(1, "attribute")) : element;
            if (test.holds(tested, arguments.from(at + 1)) == wanted) {
                selected.add(element);
            }
        }
        return Items.list(selected);
    }

    private static Value sorted(Run run, Arguments arguments) {
        boolean reverse = arguments.truth(1, "reverse", false);
        boolean sensitive = arguments.truth(2, "case_sensitive", false);
        Optional<Value> attribute = arguments.optional(3, "attribute");
        Comparator<Value> order = (x, y) -> {
            run.step();
            return attribute.isEmpty()
                    ? order(x, y, sensitive)
                    : order(member(run, x, attribute.get()), member(run, y, attribute.get()), sensitive);
        };
        List<Value> values = new ArrayList<>(elements(arguments));
        values.sort(reverse ? order.reversed() : order);
        return Items.list(values);
    }

    private static int order(Value left, Value right, boolean sensitive) {
        if (!sensitive && left instanceof MarkedText first && right instanceof MarkedText second) {
            return Operators.order(first.lower(), second.lower());
        }
        return Operators.order(left, right);
    }
}
