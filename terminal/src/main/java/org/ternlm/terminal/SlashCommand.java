package org.ternlm.terminal;

import java.util.Arrays;
import java.util.Optional;

/// What can be typed instead of a message.
enum SlashCommand {
    SYSTEM("TEXT", "what the model is told before everything; alone shows it, - takes it away"), RESET("",
            "forgets the conversation"), SAVE("FILE", "writes the conversation to a file"), LOAD("FILE",
                    "goes on with a conversation from a file"), STATS("",
                            "what the last answer took"), HELP("", "this list"), EXIT("", "leaves, as Ctrl-D does");

    private final String argument;
    private final String summary;

    SlashCommand(String argument, String summary) {
        this.argument = argument;
        this.summary = summary;
    }

    /// As it is typed.
    String word() {
        return "/" + name().toLowerCase(java.util.Locale.ROOT);
    }

    String summary() {
        return summary;
    }

    /// For the list of commands.
    String line() {
        return String.format(java.util.Locale.ROOT, "%-14s %s", word() + (argument.isEmpty() ? "" : " " + argument),
                summary);
    }

    static Optional<SlashCommand> named(String word) {
        return Arrays.stream(values()).filter(command -> command.word().equals(word)).findFirst();
    }
}
