package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;

/// Arrays.
///
/// @param first what the first values are
/// @param rest what the values after those are
/// @param min fewest values
/// @param max most values, [#UNLIMITED] for any number
record Items(List<Goal> first, Goal rest, int min, int max) implements Branch {
    static final int UNLIMITED = Integer.MAX_VALUE;
    static final Items ANY = new Items(List.of(), Goal.ANY, 0, UNLIMITED);

    Items {
        first = List.copyOf(first);
    }

    Items and(Items other) {
        List<Goal> goals = new ArrayList<>();
        for (int i = 0; i < Math.max(first.size(), other.first.size()); i++) {
            goals.add(at(i).and(other.at(i)));
        }
        return new Items(goals, rest.and(other.rest), Math.max(min, other.min), Math.min(max, other.max));
    }

    Goal at(int index) {
        return index < first.size() ? first.get(index) : rest;
    }
}
