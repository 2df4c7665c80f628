package org.ternlm.chat.schema;

/// The pieces of JSON that are the same in every schema. Made once, so that vocabularies can keep what they know of them.
///
/// White space is what models and people like to write and no more, for a model that may write blanks often never
/// stops: nothing or one blank behind a colon; behind commas and inside brackets nothing, one blank, or one line break
/// with at most 32 blanks or 8 tabs; none elsewhere.
final class Punctuation {
    private static final String SPACE = "( |\n( {0,32}|\t{1,8}))?";

    static final Terminal COLON = terminal(": ?");
    static final Terminal COMMA = terminal("," + SPACE);
    static final Terminal OPEN_ARRAY = terminal("\\[" + SPACE);
    static final Terminal OPEN_OBJECT = terminal("\\{" + SPACE);
    static final Terminal CLOSE_ARRAY = terminal(SPACE + "\\]");
    static final Terminal CLOSE_OBJECT = terminal(SPACE + "\\}");
    static final Terminal CLOSE_EMPTY_ARRAY = terminal("\\]");
    static final Terminal CLOSE_EMPTY_OBJECT = terminal("\\}");
    static final Terminal INTEGER = terminal("0|-?[1-9][0-9]{0,%d}".formatted(DecimalRange.DIGITS - 1));
    static final Terminal NUMBER = terminal("-?(0|[1-9][0-9]{0,%d})(\\.[0-9]{1,%d})?([eE][+\\-]?[0-9]{1,2})?"
            .formatted(DecimalRange.DIGITS - 1, DecimalRange.DECIMALS));

    private Punctuation() {}

    private static Terminal terminal(String pattern) {
        return new TableTerminal(Utf8Lowering.plain(RegexReader.automaton("^(" + pattern + ")$")), true);
    }
}
