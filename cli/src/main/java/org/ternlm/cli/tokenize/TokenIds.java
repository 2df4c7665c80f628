package org.ternlm.cli.tokenize;

import org.ternlm.command.CommandException;
import org.ternlm.tokenizer.Tokenizer;

/// Reads token ids as people write and programs print them: `1 403 407`, `1,403,407`, `[1, 403, 407]`.
final class TokenIds {
    private TokenIds() {}

    /// @throws CommandException if something is no id of the vocabulary
    static int[] parse(String text, Tokenizer tokenizer) {
        String list = text.strip();
        if (list.startsWith("[") && list.endsWith("]")) {
            list = list.substring(1, list.length() - 1).strip();
        }
        if (list.isEmpty()) {
            return new int[0];
        }
        String[] words = list.split("\\s*,\\s*|\\s+", -1);
        int[] ids = new int[words.length];
        for (int i = 0; i < words.length; i++) {
            ids[i] = id(words[i], tokenizer.vocabularySize());
        }
        return ids;
    }

    private static int id(String word, int size) {
        try {
            int id = Integer.parseInt(word);
            if (id >= 0 && id < size) {
                return id;
            }
        } catch (NumberFormatException notANumber) {
            // Said below.
        }
        throw new CommandException("expected token ids from 0 to %d, found '%s'".formatted(size - 1, word),
                "such as: tern tokenize --decode 403 407 261 378");
    }
}
