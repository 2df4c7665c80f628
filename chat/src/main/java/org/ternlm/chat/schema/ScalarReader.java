package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Makes the terminals for the branches of a goal that do not nest. Equal branches share one.
final class ScalarReader {
    private static final int MOST_TEXTS = 50;

    private final Budget budget;
    private final Map<Branch, Optional<Scalar>> known = new HashMap<>();

    ScalarReader(Budget budget) {
        this.budget = budget;
    }

    /// A terminal and the state that it starts from.
    record Scalar(Terminal terminal, long start) {}

    /// Those of the branches that have any spelling.
    ///
    /// @throws UnsupportedSchemaException if one would need too large an automaton, or too many have to be followed at
    /// once
    List<Scalar> read(List<Branch> branches, String pointer) {
        List<Scalar> scalars = new ArrayList<>();
        List<String> words = branches.stream().filter(Word.class::isInstance).map(branch -> ((Word) branch).json())
                .distinct().toList();
        if (!words.isEmpty()) {
            words.forEach(word -> budget.spend(1 + word.length(), pointer));
            scalars.add(new Scalar(NamesTerminal.any(words), 0));
        }
        List<Branch> others = branches.stream()
                .filter(branch -> branch instanceof Numbers || branch instanceof Text).distinct().toList();
        if (others.size() > MOST_TEXTS) {
            throw new UnsupportedSchemaException(pointer,
                    "expected at most " + MOST_TEXTS + " kinds of strings and numbers, found " + others.size());
        }
        for (Branch branch : others) {
            Optional<Scalar> scalar = known.get(branch);
            if (scalar == null) {
                scalar = read(branch, pointer);
                known.put(branch, scalar);
            }
            scalar.ifPresent(scalars::add);
        }
        return scalars;
    }

    private Optional<Scalar> read(Branch branch, String pointer) {
        try {
            if (branch instanceof Numbers numbers) {
                return numbers(numbers, pointer);
            }
            return branch instanceof Text text ? text(text, pointer) : Optional.empty();
        } catch (TooManyStatesException e) {
            throw new UnsupportedSchemaException(pointer, "a pattern with this length: " + e.getMessage());
        }
    }

    private Optional<Scalar> numbers(Numbers numbers, String pointer) {
        if (numbers.low().isEmpty() && numbers.high().isEmpty()) {
            return Optional.of(new Scalar(numbers.whole() ? Punctuation.INTEGER : Punctuation.NUMBER, 0));
        }
        return table(DecimalRange.automaton(numbers), pointer);
    }

    private Optional<Scalar> text(Text text, String pointer) {
        if (text.characters().isEmpty()) {
            return Optional.of(new Scalar(TextTerminal.TEXT, TextTerminal.start(text.min(), text.max())));
        }
        Dfa characters = text.characters().get().withLengths(text.min(), text.max());
        return table(Utf8Lowering.string(characters), pointer);
    }

    private Optional<Scalar> table(Dfa bytes, String pointer) {
        budget.spend(bytes.edges().size(), pointer);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(new Scalar(new TableTerminal(bytes, false), 0));
    }
}
