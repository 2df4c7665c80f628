package org.ternlm.cli.output;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Text that is safe to look at.
public final class Visible {
    private Visible() {}

    /// The text without what could steer a terminal: a model may have learnt to write escape sequences. Line breaks and
    /// tabs stay.
    public static String onTerminal(String text) {
        StringBuilder safe = new StringBuilder(text.length());
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            safe.append(Character.isISOControl(c) && c != '\n' && c != '\t' ? '\uFFFD' : c);
        }
        return safe.toString();
    }

    /// Bytes as text in quotes, on one line: `"\n"`, `"größer"`, and `"\xF0\x9F"` where they are no whole characters.
    public static String quoted(byte[] bytes) {
        try {
            return '"' + escaped(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString()) + '"';
        } catch (CharacterCodingException part) {
            return '"' + HexFormat.of().withUpperCase().withPrefix("\\x").formatHex(bytes) + '"';
        }
    }

    /// Text on one line, every control character spelt out.
    public static String escaped(String text) {
        StringBuilder visible = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '\n' -> visible.append("\\n");
                case '\t' -> visible.append("\\t");
                case '\r' -> visible.append("\\r");
                case '"' -> visible.append("\\\"");
                case '\\' -> visible.append("\\\\");
                default -> append(visible, c);
            }
        });
        return visible.toString();
    }

    private static void append(StringBuilder visible, int codePoint) {
        int kind = Character.getType(codePoint);
        if (kind == Character.CONTROL || kind == Character.FORMAT || kind == Character.LINE_SEPARATOR
                || kind == Character.PARAGRAPH_SEPARATOR) {
            visible.append("\\u{").append(Integer.toHexString(codePoint)).append('}');
        } else {
            visible.appendCodePoint(codePoint);
        }
    }
}
