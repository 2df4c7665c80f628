package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ternlm.chat.jinja.Value.Function;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.Namespace;
import org.ternlm.chat.jinja.Value.Whole;

/// Functions that every template can call: Jinja's, and those that Hugging Face adds.
final class Functions {
    private static final int LONGEST_RANGE = 100_000;
    static final Map<String, Function> ALL = Map.of("range", Functions::range, "namespace", Functions::namespace,
            "dict", (_, a) -> new Mapping(members(a)), "raise_exception", (_, a) -> {
                throw JinjaException.raised(PythonText.of(a.required(0, "message")).text());
            }, "strftime_now", (run, a) -> MarkedText.own(
                    TimeFormat.write(run.now(), a.text(0, "format").text())));

    private Functions() {}

    private static Value range(Run run, Arguments arguments) {
        long first = Operators.whole(arguments.required(0, "stop"), "range");
        boolean isAlone = arguments.positional().size() == 1;
        long start = isAlone ? 0 : first;
        long stop = isAlone ? first : Operators.whole(arguments.required(1, "stop"), "range");
        long step = arguments.positional().size() > 2 ? Operators.whole(arguments.required(2, "step"), "range") : 1;
        if (step == 0) {
            throw new JinjaException("range with step 0");
        }
        List<Value> values = new ArrayList<>();
        for (long i = start; step > 0 ? i < stop : i > stop; i += step) {
            if (values.size() == LONGEST_RANGE) {
                throw new JinjaException("a range of more than %,d numbers".formatted(LONGEST_RANGE));
            }
            values.add(new Whole(i));
        }
        run.steps(values.size());
        return Items.list(values);
    }

    private static Value namespace(Run run, Arguments arguments) {
        Namespace namespace = new Namespace();
        members(arguments).forEach((name, value) -> namespace.set(name.toString(), value));
        return namespace;
    }

    private static Map<Value, Value> members(Arguments arguments) {
        Map<Value, Value> members = new LinkedHashMap<>();
        if (!arguments.positional().isEmpty()) {
            if (!(arguments.positional().getFirst() instanceof Mapping mapping)) {
                throw new JinjaException("expected a dictionary, found "
                        + Operators.kind(arguments.positional().getFirst()));
            }
            members.putAll(mapping.entries());
        }
        arguments.named().forEach((name, value) -> members.put(MarkedText.own(name), value));
        return members;
    }
}
