package org.ternlm.charts;

/// What may be written on a chart.
final class Words {
    private Words() {}

    /// Refuses text that is no single line to read.
    static void require(String what, String text) {
        if (text.isBlank()) {
            throw new IllegalArgumentException("the " + what + " is empty");
        }
        if (text.codePoints().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException("the %s has control characters: \"%s\"".formatted(what, text.codePoints()
                    .map(c -> Character.isISOControl(c) ? ' ' : c)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)));
        }
    }
}
