package org.ternlm.eval.task;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;

/// How a style words a task: templates, in which `{name}` stands for a text of the item and `{choice}` for an answer.
///
/// @param context what stands before the answer
/// @param continuation what is scored
/// @param unconditional what stands before the answer where there is no question; null if the style has no such thing
/// @param primary the measure that the style reports
public record PromptStyle(String context, String continuation, @Nullable String unconditional, Measure primary) {
    private static final Pattern NAME = Pattern.compile("\\{(\\w+)}");
    /// Between examples, and between them and the question.
    private static final String BETWEEN = "\n\n";

    /// A prompt for each choice of `item`, with examples before the question.
    ///
    /// @param examples as [#example(Item)] gives them
    /// @throws CommandException if the item lacks a text that the style shows
    public List<Prompt> prompts(Item item, List<String> examples) {
        StringBuilder before = new StringBuilder();
        examples.forEach(example -> before.append(example).append(BETWEEN));
        List<Prompt> prompts = new ArrayList<>();
        for (String choice : item.choices()) {
            prompts.add(new Prompt(before + filled(context, item, choice), filled(continuation, item, choice)));
        }
        return prompts;
    }

    /// A prompt for each choice where there is no question; empty if the style has no such thing.
    public List<Prompt> unconditionalPrompts(Item item) {
        if (unconditional == null) {
            return List.of();
        }
        return item.choices().stream().map(choice -> new Prompt(unconditional, filled(continuation, item, choice)))
                .toList();
    }

    /// An item with its right answer, as an example for others.
    public String example(Item item) {
        String gold = item.choices().get(item.gold());
        return filled(context, item, gold) + filled(continuation, item, gold);
    }

    // What is put in is not looked at again: a text may contain braces.
    private static String filled(String template, Item item, String choice) {
        return NAME.matcher(template).replaceAll(match -> Matcher.quoteReplacement(text(match.group(1), item, choice)));
    }

    private static String text(String name, Item item, String choice) {
        if (name.equals("choice")) {
            return choice;
        }
        String text = item.texts().get(name);
        if (text == null) {
            throw new CommandException("item %s has no %s, which the style shows".formatted(item.id(), name),
                    "take the data of that style, or the other style");
        }
        return text;
    }
}
