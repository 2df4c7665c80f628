package org.ternlm.chat.jinja;

/// A piece of a template's source.
///
/// @param text data, a name, a string's content, a number, or an operator
/// @param line where it stands
record Token(Kind kind, String text, int line) {
    enum Kind {
        DATA, OUTPUT_START, OUTPUT_END, BLOCK_START, BLOCK_END, NAME, STRING, WHOLE, REAL, OPERATOR, END
    }

    boolean is(Kind other, String spelling) {
        return kind == other && text.equals(spelling);
    }

    /// For messages.
    String described() {
        return switch (kind) {
            case DATA -> "text";
            case OUTPUT_START, OUTPUT_END, BLOCK_START, BLOCK_END, OPERATOR, NAME -> text;
            case STRING -> "a string";
            case WHOLE, REAL -> "a number";
            case END -> "the end of the template";
        };
    }
}
