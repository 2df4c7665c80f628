package org.ternlm.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConsoleTest {
    @Test
    void printedTextArrivesAtOnce() {
        RecordingConsole console = RecordingConsole.file();
        console.print("größer");
        assertThat(console.outBytes().toString(StandardCharsets.UTF_8)).isEqualTo("größer");
    }

    @Test
    void workEndsWhenItsReaderHasGone() {
        OutputStream closed = new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                throw new IOException("Broken pipe");
            }
        };
        ByteArrayOutputStream unused = new ByteArrayOutputStream();
        Console console = new RecordingConsole(unused, unused, new PrintStream(closed, false, StandardCharsets.UTF_8),
                new PrintStream(unused, false, StandardCharsets.UTF_8), false, 80);
        assertThatThrownBy(() -> console.print("text")).isInstanceOf(OutputClosedException.class);
    }

    @Test
    void aCommandExceptionKeepsItsHint() {
        Exception cause = new IOException("why");
        CommandException problem = new CommandException("no", "try yes", cause);
        assertThat(problem).hasMessage("no").hasCause(cause);
        assertThat(problem.hint()).isEqualTo("try yes");
        assertThat(new CommandException("no").hint()).isNull();
    }
}
