package org.ternlm.chat.jinja;

import java.util.Map;
import java.util.Optional;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.None;
import org.ternlm.chat.jinja.Value.Real;
import org.ternlm.chat.jinja.Value.Truth;
import org.ternlm.chat.jinja.Value.Undefined;
import org.ternlm.chat.jinja.Value.Whole;

/// What stands behind `is`.
@FunctionalInterface
interface ValueTest {
    Map<String, ValueTest> ALL = Map.ofEntries(Map.entry("defined", (value, _) -> !(value instanceof Undefined)),
            Map.entry("undefined", (value, _) -> value instanceof Undefined),
            Map.entry("none", (value, _) -> value == None.NONE),
            Map.entry("None", (value, _) -> value == None.NONE),
            Map.entry("true", (value, _) -> value == Truth.TRUE),
            Map.entry("True", (value, _) -> value == Truth.TRUE),
            Map.entry("false", (value, _) -> value == Truth.FALSE),
            Map.entry("False", (value, _) -> value == Truth.FALSE),
            Map.entry("boolean", (value, _) -> value instanceof Truth),
            Map.entry("string", (value, _) -> value instanceof MarkedText),
            Map.entry("number", (value, _) -> Operators.isNumber(value)),
            Map.entry("integer", (value, _) -> value instanceof Whole),
            Map.entry("float", (value, _) -> value instanceof Real),
            Map.entry("mapping", (value, _) -> value instanceof Mapping),
            Map.entry("iterable", (value, _) -> isSequence(value) || value instanceof Undefined),
            Map.entry("sequence", (value, _) -> isSequence(value)),
            Map.entry("callable", (value, _) -> value instanceof Value.Function),
            Map.entry("upper", (value, _) -> value instanceof MarkedText text
                    && text.text().equals(text.upper().text()) && !text.text().equals(text.lower().text())),
            Map.entry("lower", (value, _) -> value instanceof MarkedText text
                    && text.text().equals(text.lower().text()) && !text.text().equals(text.upper().text())),
            Map.entry("odd", (value, _) -> Operators.whole(value, "odd") % 2 != 0),
            Map.entry("even", (value, _) -> Operators.whole(value, "even") % 2 == 0),
            Map.entry("divisibleby", (value, a) -> {
                long divisor = Operators.whole(other(a), "divisibleby");
                return divisor != 0 && Operators.whole(value, "divisibleby") % divisor == 0;
            }), Map.entry("sameas", (value, a) -> value.equals(other(a))),
            Map.entry("in", (value, a) -> Operators.contains(other(a), value)),
            Map.entry("eq", (value, a) -> Operators.equal(value, other(a))),
            Map.entry("equalto", (value, a) -> Operators.equal(value, other(a))),
            Map.entry("==", (value, a) -> Operators.equal(value, other(a))),
            Map.entry("ne", (value, a) -> !Operators.equal(value, other(a))),
            Map.entry("!=", (value, a) -> !Operators.equal(value, other(a))),
            Map.entry("lt", (value, a) -> Operators.order(value, other(a)) < 0),
            Map.entry("lessthan", (value, a) -> Operators.order(value, other(a)) < 0),
            Map.entry("<", (value, a) -> Operators.order(value, other(a)) < 0),
            Map.entry("le", (value, a) -> Operators.order(value, other(a)) <= 0),
            Map.entry("<=", (value, a) -> Operators.order(value, other(a)) <= 0),
            Map.entry("gt", (value, a) -> Operators.order(value, other(a)) > 0),
            Map.entry("greaterthan", (value, a) -> Operators.order(value, other(a)) > 0),
            Map.entry(">", (value, a) -> Operators.order(value, other(a)) > 0),
            Map.entry("ge", (value, a) -> Operators.order(value, other(a)) >= 0),
            Map.entry(">=", (value, a) -> Operators.order(value, other(a)) >= 0));

    boolean holds(Value value, Arguments arguments);

    static Optional<ValueTest> named(String name) {
        return Optional.ofNullable(ALL.get(name));
    }

    private static Value other(Arguments arguments) {
        return arguments.required(0, "other");
    }

    private static boolean isSequence(Value value) {
        return value instanceof Items || value instanceof Mapping || value instanceof MarkedText;
    }
}
