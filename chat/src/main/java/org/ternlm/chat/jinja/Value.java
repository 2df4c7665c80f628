package org.ternlm.chat.jinja;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What an expression gives: the values of Python that templates meet.
sealed interface Value permits MarkedText, Value.Undefined, Value.None, Value.Truth, Value.Whole, Value.Real,
        Value.Items, Value.Mapping, Value.Namespace, Value.Function {
    /// A name or a member that there is not.
    record Undefined(String what) implements Value {}

    /// Python's `None`.
    enum None implements Value {
        NONE
    }

    /// True or false.
    enum Truth implements Value {
        TRUE, FALSE;

        static Truth of(boolean truth) {
            return truth ? TRUE : FALSE;
        }
    }

    /// An integer.
    record Whole(long value) implements Value {}

    /// A floating-point number.
    record Real(double value) implements Value {}

    /// A list or a tuple.
    record Items(List<Value> values, boolean isTuple) implements Value {
        public Items {
            values = Collections.unmodifiableList(values);
        }

        static Items list(List<Value> values) {
            return new Items(values, false);
        }

        static Items tuple(Value... values) {
            return new Items(List.of(values), true);
        }
    }

    /// A dictionary, in order.
    record Mapping(Map<Value, Value> entries) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(entries);
        }

        Value get(String key) {
            Value value = entries.get(MarkedText.own(key));
            return value == null ? new Undefined(key) : value;
        }
    }

    /// What `namespace()` makes: the one value whose members can be set.
    final class Namespace implements Value {
        private final Map<String, Value> members = new LinkedHashMap<>();

        Value get(String name) {
            Value value = members.get(name);
            return value == null ? new Undefined(name) : value;
        }

        void set(String name, Value value) {
            members.put(name, value);
        }
    }

    /// Something that can be called.
    non-sealed interface Function extends Value {
        Value call(Run run, Arguments arguments);
    }
}
