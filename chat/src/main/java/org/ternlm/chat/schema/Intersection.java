package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What satisfies two schemas at once.
final class Intersection {
    /// The most branches that a schema may be read as.
    static final int MOST_BRANCHES = 2000;

    private final Budget budget;

    Intersection(Budget budget) {
        this.budget = budget;
    }

    /// Every pair of branches that have values in common.
    ///
    /// @throws UnsupportedSchemaException if there are more than [#MOST_BRANCHES]
    List<Branch> of(List<Branch> first, List<Branch> second, String pointer) {
        List<Branch> both = new ArrayList<>();
        for (Branch branch : first) {
            for (Branch other : second) {
                of(branch, other, pointer).ifPresent(both::add);
                if (both.size() > MOST_BRANCHES) {
                    throw new UnsupportedSchemaException(pointer,
                            "its alternatives make more than " + MOST_BRANCHES + " combinations");
                }
            }
        }
        return both;
    }

    private Optional<Branch> of(Branch first, Branch second, String pointer) {
        budget.spend(1 + first.size() + second.size(), pointer);
        try {
            return switch (first) {
                case Word word -> contains(second, word) ? Optional.of(word) : Optional.empty();
                case Text _ when second instanceof Word word -> ifContains(first, word);
                case Numbers _ when second instanceof Word word -> ifContains(first, word);
                case Text text when second instanceof Text other -> of(text, other, pointer);
                case Numbers numbers when second instanceof Numbers other -> Optional.<Branch>of(numbers.and(other))
                        .filter(both -> !((Numbers) both).isEmpty());
                case Items items when second instanceof Items other -> Optional.of(items.and(other));
                case Members members when second instanceof Members other -> Optional.of(members.and(other));
                default -> Optional.empty();
            };
        } catch (TooManyStatesException e) {
            throw new UnsupportedSchemaException(pointer, "patterns that hold together: " + e.getMessage());
        }
    }

    private Optional<Branch> of(Text first, Text second, String pointer) {
        Text both = first.and(second);
        if (first.characters().isPresent() && second.characters().isPresent()) {
            budget.spend(both.size(), pointer);
        }
        return both.isEmpty() ? Optional.empty() : Optional.of(both);
    }

    private static Optional<Branch> ifContains(Branch branch, Word word) {
        return contains(branch, word) ? Optional.of(word) : Optional.empty();
    }

    private static boolean contains(Branch branch, Word word) {
        return switch (branch) {
            case Word other -> other.isSame(word);
            case Text text -> word.value().isTextual() && text.contains(word.value().textValue());
            case Numbers numbers -> word.value().isNumber() && numbers.contains(word.value().decimalValue());
            case Items _,Members _ -> false;
        };
    }
}
