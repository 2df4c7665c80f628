package org.ternlm.terminal;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Where messages come from. Used by one thread.
interface MessageInput extends AutoCloseable {
    /// What was typed next, as it was typed; null when there is no more.
    ///
    /// @throws IOException if it cannot be read
    @Nullable
    String next() throws IOException;

    /// Until it is closed, Ctrl-C calls `cancel`, perhaps on another thread.
    Watch watch(Runnable cancel);

    /// Whether a person is there, who goes on after Ctrl-C and after mistakes.
    boolean isPerson();

    @Override
    void close() throws IOException;

    /// See [MessageInput#watch(Runnable)].
    interface Watch extends AutoCloseable {
        @Override
        void close();
    }
}
