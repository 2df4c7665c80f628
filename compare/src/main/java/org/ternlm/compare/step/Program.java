package org.ternlm.compare.step;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// The program that does a comparison's work: tern itself, started anew for each piece.
public interface Program {
    /// How a start of the program ended.
    ///
    /// @param exitCode 0 where it did what was asked
    /// @param out the file with its standard output
    /// @param errors the file with its messages
    /// @param seconds from start to end
    record Outcome(int exitCode, Path out, Path errors, double seconds) {}

    /// Starts it and waits for its end.
    ///
    /// @param prefix what stands in front of the program: a command that limits it; mostly empty
    /// @param arguments of the program
    /// @param log where output and messages go, as two files with endings
    /// @param tick called about once a second meanwhile
    /// @throws StoppedException if the user asked to stop; the program has ended then
    Outcome run(List<String> prefix, List<String> arguments, Path log, Runnable tick) throws IOException;
}
