package org.ternlm.cli;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.jspecify.annotations.Nullable;

/// Remembers why writing failed, which a `PrintStream` on top of it forgets: a reader that has gone is no failure, a full
/// disk is one.
final class WatchedStream extends FilterOutputStream {
    private volatile @Nullable IOException problem;

    WatchedStream(OutputStream target) {
        super(target);
    }

    /// The first failure, or null.
    @Nullable
    IOException problem() {
        return problem;
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        try {
            out.write(bytes, offset, length);
        } catch (IOException failed) {
            if (problem == null) {
                problem = failed;
            }
            throw failed;
        }
    }
}
