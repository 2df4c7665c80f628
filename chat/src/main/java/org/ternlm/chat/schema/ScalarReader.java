package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes the terminals for the branches of a goal that do not nest.
final class ScalarReader {
    private ScalarReader() {}

    /// A terminal and the state that it starts from.
    record Scalar(Terminal terminal, long start) {}

    /// Those of the branches that have any spelling.
    ///
    /// @throws UnsupportedSchemaException if one would need too large an automaton
    static List<Scalar> read(List<Branch> branches, String pointer, Budget budget) {
        List<Scalar> scalars = new ArrayList<>();
        List<String> words = branches.stream().filter(Word.class::isInstance).map(branch -> ((Word) branch).json())
                .distinct().toList();
        if (!words.isEmpty()) {
            scalars.add(new Scalar(NamesTerminal.any(words), 0));
        }
        try {
            for (Branch branch : branches.stream().distinct().toList()) {
                if (branch instanceof Numbers numbers) {
                    numbers(numbers, pointer, budget).ifPresent(scalars::add);
                } else if (branch instanceof Text text) {
                    text(text, pointer, budget).ifPresent(scalars::add);
                }
            }
        } catch (TooManyStatesException e) {
            throw new UnsupportedSchemaException(pointer, "a pattern with this length: " + e.getMessage());
        }
        return scalars;
    }

    private static Optional<Scalar> numbers(Numbers numbers, String pointer, Budget budget) {
        if (numbers.low().isEmpty() && numbers.high().isEmpty()) {
            return Optional.of(new Scalar(numbers.whole() ? Punctuation.INTEGER : Punctuation.NUMBER, 0));
        }
        return table(DecimalRange.automaton(numbers), pointer, budget);
    }

    private static Optional<Scalar> text(Text text, String pointer, Budget budget) {
        if (text.characters().isEmpty()) {
            return Optional.of(new Scalar(TextTerminal.TEXT, TextTerminal.start(text.min(), text.max())));
        }
        Dfa characters = text.characters().get().withLengths(text.min(), text.max());
        return table(Utf8Lowering.string(characters), pointer, budget);
    }

    private static Optional<Scalar> table(Dfa bytes, String pointer, Budget budget) {
        budget.spend(bytes.edges().size(), pointer);
        return bytes.isEmpty() ? Optional.empty() : Optional.of(new Scalar(new TableTerminal(bytes), 0));
    }
}
