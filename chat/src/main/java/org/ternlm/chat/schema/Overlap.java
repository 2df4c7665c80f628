package org.ternlm.chat.schema;

import java.util.List;

/// Whether values may satisfy two schemas at once: `oneOf` is kept to where they certainly cannot.
final class Overlap {
    private static final int DEEPEST = 6;

    private final SchemaReader reader;
    private final Intersection intersection;
    private final Budget budget;

    Overlap(SchemaReader reader, Intersection intersection, Budget budget) {
        this.reader = reader;
        this.intersection = intersection;
        this.budget = budget;
    }

    /// @throws UnsupportedSchemaException if two alternatives may accept the same value
    void requireNone(List<List<Branch>> alternatives, String pointer) {
        for (int i = 0; i < alternatives.size(); i++) {
            for (int j = 0; j < i; j++) {
                if (overlap(alternatives.get(i), alternatives.get(j), 0)) {
                    throw new UnsupportedSchemaException(pointer, "alternatives " + j + " and " + i
                            + " may accept the same value; write anyOf, or tell them apart by their types or by a"
                            + " required property with const");
                }
            }
        }
    }

    private boolean overlap(List<Branch> first, List<Branch> second, int depth) {
        return first.stream().anyMatch(branch -> second.stream().anyMatch(other -> overlap(branch, other, depth)));
    }

    private boolean overlap(Branch first, Branch second, int depth) {
        if (first instanceof Items items && second instanceof Items other) {
            return overlap(items, other, depth);
        }
        if (first instanceof Members members && second instanceof Members other) {
            return overlap(members, other, depth);
        }
        return !intersection.of(List.of(certain(first)), List.of(certain(second)), "").isEmpty();
    }

    private static Branch certain(Branch branch) {
        return branch instanceof Text text ? text.certain() : branch;
    }

    private boolean overlap(Items first, Items second, int depth) {
        int common = Math.max(first.min(), second.min());
        if (common > Math.min(first.max(), second.max())) {
            return false;
        }
        int different = Math.min(common, Math.max(first.first().size(), second.first().size()) + 1);
        for (int i = 0; i < different; i++) {
            if (!overlap(first.at(i), second.at(i), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean overlap(Members first, Members second, int depth) {
        for (String name : first.required()) {
            if (!overlap(first.of(name), second.of(name), depth + 1)) {
                return false;
            }
        }
        for (String name : second.required()) {
            if (!overlap(first.of(name), second.of(name), depth + 1)) {
                return false;
            }
        }
        return true;
    }

    private boolean overlap(Goal first, Goal second, int depth) {
        budget.spend(1, first.pointer());
        return depth > DEEPEST || overlap(reader.branches(first), reader.branches(second), depth);
    }
}
