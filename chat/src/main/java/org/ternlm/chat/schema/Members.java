package org.ternlm.chat.schema;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/// Objects.
///
/// @param named what the values of some properties are, in the order in which they are to come
/// @param required the properties that have to come
/// @param others what the values of other properties are
record Members(Map<String, Goal> named, Set<String> required, Goal others) implements Branch {
    static final Members ANY = new Members(Map.of(), Set.of(), Goal.ANY);

    Members {
        named = Collections.unmodifiableMap(new LinkedHashMap<>(named));
        required = Collections.unmodifiableSet(new LinkedHashSet<>(required));
    }

    Members and(Members other) {
        Map<String, Goal> goals = new LinkedHashMap<>();
        for (String name : named.keySet()) {
            goals.put(name, of(name).and(other.of(name)));
        }
        for (String name : other.named.keySet()) {
            goals.put(name, of(name).and(other.of(name)));
        }
        Set<String> both = new LinkedHashSet<>(required);
        both.addAll(other.required);
        return new Members(goals, both, others.and(other.others));
    }

    Goal of(String name) {
        return named.getOrDefault(name, others);
    }

    /// With an entry for each required property.
    Members complete() {
        Map<String, Goal> goals = new LinkedHashMap<>(named);
        required.forEach(name -> goals.putIfAbsent(name, others));
        return new Members(goals, required, others);
    }
}
