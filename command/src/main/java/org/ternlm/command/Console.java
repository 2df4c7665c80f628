package org.ternlm.command;

import java.io.InputStream;
import java.io.PrintStream;

/// Where a command reads and writes. Results go to [#out()], and nothing else does; progress and messages go to
/// [#error()]. Text is UTF-8 both ways.
///
/// The streams are buffered: [#print(String)] and [Progress] flush by themselves, everything else is flushed when the
/// command ends.
public interface Console {
    /// The command's input.
    InputStream in();

    /// The command's results.
    PrintStream out();

    /// Progress, messages, warnings.
    PrintStream error();

    /// Whether a person types what [#in()] reads.
    boolean inputIsTerminal();

    /// Whether a person sees [#out()] as it is written.
    boolean outputIsTerminal();

    /// Whether a person sees [#error()] as it is written.
    boolean errorIsTerminal();

    /// Columns of the terminal, or 80 where there is none.
    int width();

    /// Writes a piece of a result that someone waits for, at once.
    ///
    /// @throws OutputClosedException when the reader has gone (`tern … | head`), so that the work for it ends
    default void print(String text) {
        out().print(text);
        if (out().checkError()) {
            throw new OutputClosedException();
        }
    }
}
