package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The arguments of a call, as they are written.
///
/// @param spread positional ones that are lists of arguments
record ParsedArguments(List<Expression> positional, Set<Expression> spread,
        Map<String, Expression> named) {
    static final ParsedArguments NONE = new ParsedArguments(List.of(), Set.of(), Map.of());

    Arguments evaluate(Run run) {
        List<Value> values = new ArrayList<>();
        for (Expression expression : positional) {
            Value value = expression.evaluate(run);
            values.addAll(spread.contains(expression) ? Operators.elements(value) : List.of(value));
        }
        Map<String, Value> byName = new LinkedHashMap<>();
        named.forEach((name, expression) -> byName.put(name, expression.evaluate(run)));
        return new Arguments(values, byName);
    }
}
