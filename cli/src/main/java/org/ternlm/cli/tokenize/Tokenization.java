package org.ternlm.cli.tokenize;

import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.Locale;
import org.ternlm.cli.output.Ink;
import org.ternlm.cli.output.JsonText;
import org.ternlm.cli.output.Visible;
import org.ternlm.tokenizer.Tokenizer;

/// A text and its tokens.
///
/// @param text the text
/// @param tokens its ids
/// @param tokenizer what turns one into the other
record Tokenization(String text, int[] tokens, Tokenizer tokenizer) {

    /// `{"text":"…","tokens":[…],"pieces":[…]}`.
    String json() throws IOException {
        return JsonText.object(json -> {
            json.writeStringField("text", text);
            JsonText.ints(json, "tokens", tokens);
            json.writeArrayFieldStart("pieces");
            for (int token : tokens) {
                json.writeString(tokenizer.piece(token));
            }
            json.writeEndArray();
        });
    }

    /// A token a line: its id, the vocabulary's spelling, and what it stands for.
    void print(PrintStream out, Ink ink) {
        String[] pieces = Arrays.stream(tokens).mapToObj(id -> Visible.escaped(tokenizer.piece(id)))
                .toArray(String[]::new);
        int widest = Arrays.stream(pieces).mapToInt(Tokenization::columns).max().orElse(0);
        widest = Math.clamp(widest, "piece".length(), 40);
        out.println(ink.bold("    id  " + padded("piece", widest) + "  text"));
        for (int i = 0; i < tokens.length; i++) {
            String stands = tokenizer.isSpecial(tokens[i])
                    ? ink.faint("special")
                    : Visible.quoted(tokenizer.bytes(tokens[i]));
            out.println(String.format(Locale.ROOT, "%6d  ", tokens[i]) + padded(pieces[i], widest) + "  " + stands);
        }
        out.println(ink.faint("%,d tokens, %,d characters".formatted(tokens.length,
                text.codePointCount(0, text.length()))));
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - columns(text)));
    }

    private static int columns(String text) {
        return text.codePoints().map(Tokenization::columns).sum();
    }

    /// East Asian characters and emoji are two columns wide, combining marks none. The ranges are those that occur in
    /// vocabularies, not all of Unicode: a wrong guess only bends a column.
    private static int columns(int codePoint) {
        if (Character.getType(codePoint) == Character.NON_SPACING_MARK) {
            return 0;
        }
        boolean wide = codePoint >= 0x1100 && codePoint <= 0x115F || codePoint >= 0x2E80 && codePoint <= 0xA4CF
                || codePoint >= 0xAC00 && codePoint <= 0xD7A3 || codePoint >= 0xF900 && codePoint <= 0xFAFF
                || codePoint >= 0xFE30 && codePoint <= 0xFE6F || codePoint >= 0xFF00 && codePoint <= 0xFF60
                || codePoint >= 0x1F300 && codePoint <= 0x1FAFF || codePoint >= 0x20000 && codePoint <= 0x3FFFD;
        return wide ? 2 : 1;
    }
}
