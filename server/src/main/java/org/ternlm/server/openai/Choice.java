package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.GenerationEvent;

/// One of the texts that a request asks for, as it grows. Used by one thread.
interface Choice {
    /// Learns what happens.
    ///
    /// @return whether more is wanted
    boolean accept(GenerationEvent event);

    /// What begins a stream, or null.
    @Nullable
    ObjectNode opening();

    /// What is new since the last piece, or null.
    @Nullable
    ObjectNode piece();

    /// All of it.
    ObjectNode whole();
}
