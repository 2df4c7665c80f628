package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a function, filter or test is called with.
record Arguments(List<Value> positional, Map<String, Value> named) {
    Optional<Value> optional(int index, String name) {
        return index < positional.size() ? Optional.of(positional.get(index)) : Optional.ofNullable(named.get(name));
    }

    Value required(int index, String name) {
        return optional(index, name).orElseThrow(() -> new JinjaException("expected an argument, " + name));
    }

    MarkedText text(int index, String name) {
        return Operators.text(required(index, name), name);
    }

    Optional<MarkedText> optionalText(int index, String name) {
        return optional(index, name).filter(value -> value != Value.None.NONE)
                .map(value -> Operators.text(value, name));
    }

    int whole(int index, String name, int otherwise) {
        return optional(index, name).filter(value -> value != Value.None.NONE)
                .map(value -> (int) Math.clamp(Operators.whole(value, name), Integer.MIN_VALUE, Integer.MAX_VALUE))
                .orElse(otherwise);
    }

    boolean truth(int index, String name, boolean otherwise) {
        return optional(index, name).map(Operators::isTrue).orElse(otherwise);
    }

    /// The same with a value before them.
    Arguments after(Value first) {
        List<Value> all = new ArrayList<>();
        all.add(first);
        all.addAll(positional);
        return new Arguments(all, named);
    }

    /// The same with a named one.
    Arguments with(String name, Value value) {
        Map<String, Value> all = new LinkedHashMap<>(named);
        all.put(name, value);
        return new Arguments(positional, all);
    }

    /// The same without the first `count`.
    Arguments from(int count) {
        return new Arguments(positional.subList(Math.min(count, positional.size()), positional.size()), named);
    }
}
