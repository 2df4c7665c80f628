package org.ternlm.format;

import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A tensor's bytes, made when a writer asks for them, so that a file's worth of them never needs to be in memory.
@FunctionalInterface
public interface TensorContent {

    /// Takes the bytes, part by part and in order.
    @FunctionalInterface
    interface Sink {
        void accept(MemorySegment part) throws IOException;
    }

    /// Hands all bytes to `sink`.
    void writeTo(Sink sink) throws IOException;

    /// Bytes that are in memory already.
    static TensorContent of(MemorySegment bytes) {
        return sink -> sink.accept(bytes);
    }
}
