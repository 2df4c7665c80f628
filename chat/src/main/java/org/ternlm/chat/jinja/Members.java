package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ternlm.chat.jinja.Value.Function;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.Namespace;
import org.ternlm.chat.jinja.Value.None;
import org.ternlm.chat.jinja.Value.Undefined;

/// Members of values: `a.b`, `a[b]` and `a[b:c:d]`. As in Jinja, a point finds methods first, brackets elements first.
final class Members {
    private Members() {}

    static Value attribute(Run run, Value of, String name) {
        refuseUndefined(of, name);
        return method(of, name).or(() -> element(of, MarkedText.own(name)))
                .orElseGet(() -> new Undefined(name));
    }

    static Value item(Run run, Value of, Value key) {
        refuseUndefined(of, key.toString());
        return element(of, key)
                .or(() -> key instanceof MarkedText name ? method(of, name.text()) : Optional.empty())
                .orElseGet(() -> new Undefined(key instanceof MarkedText name ? name.text() : "this element"));
    }

    private static void refuseUndefined(Value of, String member) {
        if (of instanceof Undefined undefined) {
            throw new JinjaException(member + " of " + undefined.what() + ", which is not defined");
        }
    }

    private static Optional<Value> element(Value of, Value key) {
        return switch (of) {
            case Mapping mapping -> Optional.ofNullable(mapping.entries().get(key));
            case Namespace namespace when key instanceof MarkedText name -> Optional.of(namespace.get(name.text()));
            case Items items when Operators.isNumber(key) -> at(items.values(), Operators.whole(key, "[]"));
            case MarkedText text when Operators.isNumber(key) -> at(Operators.elements(text),
                    Operators.whole(key, "[]"));
            default -> Optional.empty();
        };
    }

    private static Optional<Value> at(List<Value> values, long index) {
        long place = index < 0 ? index + values.size() : index;
        return place >= 0 && place < values.size() ? Optional.of(values.get((int) place)) : Optional.empty();
    }

    private static Optional<Value> method(Value of, String name) {
        return switch (of) {
            case MarkedText text -> TextMethods.named(name).map(method -> bound(method, text));
            case Mapping mapping -> mappingMethod(mapping, name);
            case Items items -> itemsMethod(items, name);
            default -> Optional.empty();
        };
    }

    private static Value bound(Function method, Value self) {
        return (Function) (run, arguments) -> method.call(run, arguments.after(self));
    }

    private static Optional<Value> mappingMethod(Mapping mapping, String name) {
        Function method = switch (name) {
            case "items" -> (_, _) -> pairs(mapping);
            case "keys" -> (_, _) -> Items.list(List.copyOf(mapping.entries().keySet()));
            case "values" -> (_, _) -> Items.list(List.copyOf(mapping.entries().values()));
            case "copy" -> (_, _) -> mapping;
            case "get" -> (_, arguments) -> {
                Value found = mapping.entries().get(arguments.required(0, "key"));
                return found != null ? found : arguments.optional(1, "default").orElse(None.NONE);
            };
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    static Items pairs(Mapping mapping) {
        List<Value> pairs = new ArrayList<>();
        for (Map.Entry<Value, Value> entry : mapping.entries().entrySet()) {
            pairs.add(Items.tuple(entry.getKey(), entry.getValue()));
        }
        return Items.list(pairs);
    }

    private static Optional<Value> itemsMethod(Items items, String name) {
        Function method = switch (name) {
            case "index" -> (_, arguments) -> {
                for (int i = 0; i < items.values().size(); i++) {
                    if (Operators.equal(items.values().get(i), arguments.required(0, "value"))) {
                        return new Value.Whole(i);
                    }
                }
                throw new JinjaException("index: the value is not in the list");
            };
            case "count" -> (_, arguments) -> new Value.Whole(items.values().stream()
                    .filter(value -> Operators.equal(value, arguments.required(0, "value"))).count());
            case "copy" -> (_, _) -> items;
            default -> null;
        };
        return Optional.ofNullable(method);
    }

    static Value slice(Value of, Value start, Value end, Value step) {
        if (of instanceof Undefined) {
            throw new JinjaException("a slice of " + Operators.kind(of));
        }
        boolean isText = of instanceof MarkedText;
        if (!isText && !(of instanceof Items)) {
            throw new JinjaException("a slice of " + Operators.kind(of));
        }
        long by = step == None.NONE ? 1 : Operators.whole(step, "slice");
        if (by == 0) {
            throw new JinjaException("a slice with step 0");
        }
        List<Value> values = Operators.elements(of);
        int size = values.size();
        long from = bound(start, by > 0 ? 0 : size - 1, size, by);
        long to = bound(end, by > 0 ? size : -1, size, by);
        List<Value> taken = new ArrayList<>();
        for (long i = from; by > 0 ? i < to : i > to; i += by) {
            taken.add(values.get((int) i));
        }
        if (isText) {
            MarkedText.Builder text = new MarkedText.Builder();
            taken.forEach(value -> text.append((MarkedText) value));
            return text.build();
        }
        return new Items(taken, ((Items) of).isTuple());
    }

    private static long bound(Value given, long otherwise, int size, long step) {
        if (given == None.NONE) {
            return otherwise;
        }
        long index = Operators.whole(given, "slice");
        long place = index < 0 ? index + size : index;
        return step > 0 ? Math.clamp(place, 0, size) : Math.clamp(place, -1, size - 1);
    }
}
