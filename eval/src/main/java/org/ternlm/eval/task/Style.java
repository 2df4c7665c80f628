package org.ternlm.eval.task;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;
import org.ternlm.command.CommandException;

/// Whose way of asking: the wording around an item, which data are taken, and which measure counts.
public enum Style {
    /// EleutherAI's lm-evaluation-harness, which papers mostly report.
    HARNESS,
    /// AllenAI's OLMES, the open standard with fixed wording, in its form without letters.
    OLMES;

    /// The style that a user names.
    ///
    /// @throws CommandException if there is none of that name
    public static Style named(String name) {
        return Arrays.stream(values()).filter(style -> style.label().equals(name)).findFirst()
                .orElseThrow(() -> new CommandException("--style: expected "
                        + Arrays.stream(values()).map(Style::label).collect(Collectors.joining(" or ")) + ", found "
                        + name));
    }

    /// Its name on the command line and in reports.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
