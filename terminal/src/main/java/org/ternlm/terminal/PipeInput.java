package org.ternlm.terminal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Interruption;
import org.ternlm.options.Lines;

/// Messages from a file or another program, a line each.
final class PipeInput implements MessageInput {
    private final Lines lines;

    PipeInput(Console console) {
        lines = new Lines(console.in(), "the input");
    }

    @Override
    public @Nullable String next() throws IOException {
        String line = lines.next();
        if (line == null) {
            return null;
        }
        StringBuilder raw = new StringBuilder(line);
        while (!MessageText.isWhole(raw.toString())) {
            String more = lines.next();
            if (more == null) {
                throw new CommandException(
                        lines.place() + ": expected the message to go on, found the end of the input",
                        MessageText.isBlock(raw.toString())
                                ? "a block ends with \"\"\""
                                : "the line ends in a backslash");
            }
            raw.append('\n').append(more);
        }
        return raw.toString();
    }

    /// Ctrl-C ends the program, as it does everywhere else; what has been written stays.
    @Override
    public Watch watch(Runnable cancel) {
        return Interruption.watch(cancel)::close;
    }

    @Override
    public boolean isPerson() {
        return false;
    }

    /// The input is the program's, which closes it.
    @Override
    public void close() {}
}
