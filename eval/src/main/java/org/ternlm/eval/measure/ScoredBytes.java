package org.ternlm.eval.measure;

import java.nio.charset.StandardCharsets;
import org.ternlm.tokenizer.Tokenizer;

/// How many bytes of a text scored tokens stand for: all of them, less those of tokens that were not scored.
public final class ScoredBytes {
    private ScoredBytes() {}

    public static long of(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /// Bytes of the text that belong to tokens which were not scored. Special tokens, such as that of the beginning, have
    /// none, and neither has the blank that some tokenizers put before a text.
    public static long unscored(Tokenizer tokenizer, String text, int[] tokens, boolean[] scored) {
        long bytes = 0;
        boolean first = true;
        for (int i = 0; i < tokens.length; i++) {
            if (tokenizer.isSpecial(tokens[i])) {
                continue;
            }
            if (!scored[i]) {
                byte[] piece = tokenizer.bytes(tokens[i]);
                boolean isAdded = first && piece.length > 0 && piece[0] == ' ' && !text.startsWith(" ");
                bytes += isAdded ? piece.length - 1 : piece.length;
            }
            first = false;
        }
        return bytes;
    }
}
