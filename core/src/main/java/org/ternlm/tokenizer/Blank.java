package org.ternlm.tokenizer;

/// Runs of white space in a text.
final class Blank {

    private Blank() {}

    /// Where the white space that starts at `from` ends; `from` itself if there is none.
    static int end(String text, int from) {
        int at = from;
        while (at < text.length() && CharacterKind.WHITE_SPACE.holds(text.codePointAt(at))) {
            at += Character.charCount(text.codePointAt(at));
        }
        return at;
    }

    /// Where the white space that ends at `to` starts; `to` itself if there is none.
    static int start(String text, int to) {
        int at = to;
        while (at > 0 && CharacterKind.WHITE_SPACE.holds(text.codePointBefore(at))) {
            at -= Character.charCount(text.codePointBefore(at));
        }
        return at;
    }
}
