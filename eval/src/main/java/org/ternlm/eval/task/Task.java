package org.ternlm.eval.task;

import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.ternlm.command.CommandException;

/// A set of questions, and how each style asks them.
///
/// @param name on the command line: `arc_easy`
/// @param column its short name in tables: `ARCe`
/// @param title its name in sentences
/// @param kind what is measured
/// @param styles how it is asked
/// @param files where its data lie in a folder of evaluation data, the first that is there
/// @param source where the public set comes from and which forms are read, for whoever has no data
/// @param form reads an item
public record Task(String name, String column, String title, Kind kind, Map<Style, PromptStyle> styles,
        Map<Style, List<String>> files, String source, ItemForm form) {

    /// What is measured.
    public enum Kind {
        /// Whether the right one of several answers is the most likely.
        CHOICE,
        /// Whether the model would say the one answer itself, and how likely it finds it.
        LAST_WORD
    }

    /// Its wording in `style`.
    ///
    /// @throws CommandException if it has none
    public PromptStyle style(Style style) {
        PromptStyle found = styles.get(style);
        if (found == null) {
            throw new CommandException("%s: no style %s, it has %s".formatted(name, style.label(), new TreeMap<>(styles)
                    .keySet().stream().map(Style::label).collect(Collectors.joining(", "))));
        }
        return found;
    }

    /// What can be measured of an item: several measures for choices, one where there is one answer, or where what is
    /// scored is the same for all choices.
    public Set<Measure> measures(Style style) {
        PromptStyle wording = style(style);
        if (kind == Kind.LAST_WORD || !wording.continuation().contains("{choice}")) {
            return EnumSet.of(Measure.RAW);
        }
        return wording.unconditional() == null
                ? EnumSet.complementOf(EnumSet.of(Measure.UNCONDITIONAL))
                : EnumSet.allOf(Measure.class);
    }
}
