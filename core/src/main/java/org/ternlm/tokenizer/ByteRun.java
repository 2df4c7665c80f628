package org.ternlm.tokenizer;

import java.util.Arrays;
import java.util.OptionalInt;

/// Reads each run of adjacent byte tokens, `<0x00>` to `<0xFF>`, as UTF-8. A run is text only as a whole: if it is not
/// UTF-8 from end to end, each of its tokens becomes U+FFFD. So nothing of a run is certain before it ends, or before it
/// goes wrong; until then it is held back. Not thread-safe.
final class ByteRun implements DecodeStep.Sink {
    private static final String REPLACEMENT = String.valueOf(Utf8Stream.REPLACEMENT);

    private final DecodeStep.Sink next;
    private final StringBuilder text = new StringBuilder();
    private Utf8Stream utf8 = new Utf8Stream();
    private int held;

    ByteRun(DecodeStep.Sink next) {
        this.next = next;
    }

    /// The byte, 0 to 255, that `piece` names, or -1 if it is no byte token.
    static int value(String piece) {
        if (piece.length() != 6 || !piece.startsWith("<0x") || piece.charAt(5) != '>') {
            return -1;
        }
        int high = Character.digit(piece.charAt(3), 16);
        int low = Character.digit(piece.charAt(4), 16);
        return high < 0 || low < 0 ? -1 : high << 4 | low;
    }

    /// The token that names a byte.
    static String token(int value) {
        return "<0x%02X>".formatted(value);
    }

    /// The tokens `<0x00>` to `<0xFF>`; -1 where there is none that is the model's own.
    static int[] tokens(Vocabulary vocabulary) {
        int[] tokens = new int[256];
        Arrays.setAll(tokens, value -> {
            OptionalInt id = vocabulary.id(token(value));
            return id.isEmpty() || vocabulary.isAddedOnly(id.getAsInt()) ? -1 : id.getAsInt();
        });
        return tokens;
    }

    /// The first byte without a token, as [#token] spells it; empty if all have one.
    static String missing(int[] tokens) {
        for (int value = 0; value < 256; value++) {
            if (tokens.length == 0 || tokens[value] < 0) {
                return token(value);
            }
        }
        return "";
    }

    @Override
    public void accept(String piece) {
        int value = value(piece);
        if (value < 0) {
            endRun();
            next.accept(piece);
            return;
        }
        utf8.accept((byte) value, text);
        held++;
        if (utf8.isMalformed()) {
            replaceHeld();
        }
    }

    @Override
    public void finish() {
        endRun();
        next.finish();
    }

    private void endRun() {
        utf8.finish(text);
        if (utf8.isMalformed()) {
            replaceHeld();
        } else if (held > 0) {
            next.accept(text.toString());
        }
        text.setLength(0);
        held = 0;
        utf8 = new Utf8Stream();
    }

    private void replaceHeld() {
        for (int i = 0; i < held; i++) {
            next.accept(REPLACEMENT);
        }
        held = 0;
    }
}
