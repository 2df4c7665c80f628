package org.ternlm.eval.task;

import java.util.List;
import java.util.Map;

/// One question of a task, without any wording around it.
///
/// @param id what it is called where it comes from
/// @param texts the parts that a [PromptStyle] names
/// @param choices possible answers, at least one
/// @param gold which of them is right
public record Item(String id, Map<String, String> texts, List<String> choices, int gold) {
    public Item {
        texts = Map.copyOf(texts);
        choices = List.copyOf(choices);
    }
}
