package org.ternlm.dist;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/// What lies at one place of a [Tree].
sealed interface Content {
    /// A file that is copied.
    record Copy(Path source) implements Content {}

    /// A file that is made here.
    record Bytes(byte[] bytes) implements Content {}

    /// A symbolic link.
    record Link(String target) implements Content {}

    /// A folder, empty or not.
    record Folder() implements Content {}

    /// Bytes of the file; none of links and folders.
    default long size() throws IOException {
        return switch (this) {
            case Copy copy -> Files.size(copy.source());
            case Bytes made -> made.bytes().length;
            case Link _,Folder _ -> 0;
        };
    }

    /// Writes the file's bytes; links and folders have none.
    default void writeTo(OutputStream out) throws IOException {
        switch (this) {
            case Copy copy -> Files.copy(copy.source(), out);
            case Bytes made -> out.write(made.bytes());
            case Link _,Folder _ -> {
                // Their entry's header says everything.
            }
        }
    }
}
