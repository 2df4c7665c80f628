package org.ternlm.options;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/// Reads lines of UTF-8 and counts them, and the bytes that they were.
public final class Lines implements AutoCloseable {
    private final InputStream input;
    private final String source;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long bytes;
    private int number;

    /// @param source what the input is called in messages
    public Lines(InputStream input, String source) {
        this.input = new BufferedInputStream(input);
        this.source = source;
    }

    /// The next line without its line break, or null at the end.
    ///
    /// @throws org.ternlm.command.CommandException if it is not UTF-8
    /// @throws IOException if it cannot be read
    public @Nullable String next() throws IOException {
        line.reset();
        int value = input.read();
        if (value < 0) {
            return null;
        }
        number++;
        while (value >= 0) {
            bytes++;
            if (value == '\n') {
                break;
            }
            line.write(value);
            value = input.read();
        }
        String text = TextInput.decoded(line.toByteArray(), place());
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
    }

    /// Where the line stood that was read last: `stories.jsonl, line 7`.
    public String place() {
        return source + ", line " + number;
    }

    /// Bytes read so far, those of line breaks included.
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        input.close();
    }
}
