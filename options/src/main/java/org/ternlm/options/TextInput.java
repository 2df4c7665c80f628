package org.ternlm.options;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;

/// A text that a command works on, and where it came from: an argument, a file, or the input.
///
/// @param text as it was written
/// @param isArgument whether it stood on the command line, where nobody ends a text with a line break
public record TextInput(String text, boolean isArgument) {

    /// The text that the arguments name: the one argument itself, or with `-` or none at all the whole input.
    ///
    /// @param what the user calls it: `prompt`
    /// @param example a command that has one, for whoever forgot it
    /// @throws CommandException if there is none or more than one
    /// @throws IOException if it cannot be read
    public static TextInput of(Console console, List<String> arguments, @Nullable Path file, String what,
            String example) throws IOException {
        if (arguments.size() > 1) {
            throw new CommandException("the %s is %d arguments, expected one".formatted(what, arguments.size()),
                    "put it into quotes: " + example);
        }
        if (file != null) {
            if (!arguments.isEmpty()) {
                throw new CommandException("a %s and --file, expected one of them".formatted(what));
            }
            return new TextInput(read(file), false);
        }
        if (!arguments.isEmpty() && !arguments.getFirst().equals("-")) {
            return new TextInput(arguments.getFirst(), true);
        }
        if (arguments.isEmpty() && console.inputIsTerminal()) {
            throw new CommandException("no " + what, "such as: " + example);
        }
        return new TextInput(all(console.in()), false);
    }

    /// A file as a whole.
    ///
    /// @throws CommandException if it is not UTF-8
    /// @throws IOException if it cannot be read
    public static String read(Path file) throws IOException {
        return decoded(Files.readAllBytes(file), file.toString());
    }

    /// The text without the line break that editors and `echo` put at the end of a file.
    public String withoutLastLineBreak() {
        if (isArgument || !text.endsWith("\n")) {
            return text;
        }
        return text.substring(0, text.length() - (text.endsWith("\r\n") ? 2 : 1));
    }

    private static String all(InputStream input) throws IOException {
        return decoded(input.readAllBytes(), "the input");
    }

    /// @throws CommandException if the bytes are no text
    static String decoded(byte[] bytes, String source) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw new CommandException(source + " is not UTF-8 text", null, e);
        }
    }
}
