package org.ternlm.chat;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.ternlm.tokenizer.Tokenizer;

/// What ends an answer: tokens, and for models whose tokenizer spells an end in pieces, texts.
///
/// @param tokens ids
/// @param texts stop strings
record AnswerEnds(Set<Integer> tokens, List<String> texts) {
    /// These mean the end of a turn or a text wherever a vocabulary has them as special tokens.
    private static final List<String> ALWAYS = List.of("<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>",
            "<|endoftext|>", "</s>", "<eos>");
    /// These only where the template writes them.
    private static final List<String> IN_TEMPLATE = List.of("<|end|>", "<end_of_turn>", "<|end_of_turn|>",
            "<|eot|>", "<|endofturn|>", "<turn|>", "<｜end▁of▁sentence｜>", "<|end_of_role|>", "<|return|>");

    AnswerEnds {
        tokens = Set.copyOf(tokens);
        texts = List.copyOf(texts);
    }

    /// @param template its text, empty where there is none
    static AnswerEnds of(Tokenizer tokenizer, String template) {
        Set<Integer> tokens = new HashSet<>();
        List<String> texts = new ArrayList<>();
        tokenizer.eosId().ifPresent(tokens::add);
        for (String spelling : ALWAYS) {
            special(tokenizer, spelling).ifPresent(tokens::add);
        }
        for (String spelling : IN_TEMPLATE) {
            if (template.contains(spelling)) {
                special(tokenizer, spelling).ifPresent(tokens::add);
            }
        }
        for (List<String> spellings : List.of(ALWAYS, IN_TEMPLATE)) {
            spellings.stream().filter(template::contains)
                    .filter(spelling -> special(tokenizer, spelling).isEmpty()).forEach(texts::add);
        }
        return new AnswerEnds(tokens, texts);
    }

    private static OptionalInt special(Tokenizer tokenizer, String spelling) {
        OptionalInt id = tokenizer.id(spelling);
        return id.isPresent() && tokenizer.isSpecial(id.getAsInt()) ? id : OptionalInt.empty();
    }
}
