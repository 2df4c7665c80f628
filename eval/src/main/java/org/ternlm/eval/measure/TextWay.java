package org.ternlm.eval.measure;

import java.util.Arrays;
import java.util.Locale;
import org.ternlm.command.CommandException;

/// How a text that is longer than the context is scored.
public enum TextWay {
    /// Windows of the context that move on by a stride; each scores what is new to it.
    WINDOWS,
    /// As llama.cpp's `perplexity`: windows end to end, of which the second half is scored.
    HALVES;

    /// The way that a user names.
    ///
    /// @throws CommandException if there is none of that name
    public static TextWay named(String name) {
        return Arrays.stream(values()).filter(way -> way.label().equals(name)).findFirst().orElseThrow(
                () -> new CommandException("--way: expected windows or halves, found " + name));
    }

    /// Its name on the command line and in reports.
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
