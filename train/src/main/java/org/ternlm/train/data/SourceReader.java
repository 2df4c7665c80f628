package org.ternlm.train.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.MessageDigest;
import java.util.function.LongConsumer;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;

/// The documents of one file, and the hash of what was read. Not thread-safe.
final class SourceReader implements Closeable {
    private static final int BUFFER = 1 << 16;

    private final TextSource source;
    private final SourceFile file;
    private final Watched raw;
    private final SeparatedText parts;
    private long line;

    /// @param bytesRead is told how many bytes of the file were read, again and again
    SourceReader(TextSource source, SourceFile file, LongConsumer bytesRead) throws IOException {
        this.source = source;
        this.file = file;
        this.raw = new Watched(Files.newInputStream(file.path()), bytesRead);
        try {
            Utf8Text text = new Utf8Text(unpack(), file.path(), source.replaceInvalid());
            this.parts = new SeparatedText(text, file.path(), file.isJsonLines() ? "\n" : source.separator());
        } catch (IOException e) {
            raw.close();
            throw unreadable(e);
        }
    }

    /// The next document, stripped and not empty, or null behind the last.
    ///
    /// @throws ModelFormatException if the file is not what its name and the source say
    @Nullable
    String next() throws IOException {
        try {
            String part = parts.next();
            while (part != null) {
                line++;
                String document = part.isBlank() ? "" : document(part).strip();
                if (!document.isEmpty()) {
                    return document;
                }
                part = parts.next();
            }
            raw.transferTo(OutputStream.nullOutputStream());
            return null;
        } catch (IOException e) {
            throw unreadable(e);
        }
    }

    /// SHA-256 of the file as it was read; complete when there are no more documents.
    String sha256() {
        return Hashes.hex(raw.digest);
    }

    @Override
    public void close() throws IOException {
        parts.close();
    }

    private InputStream unpack() throws IOException {
        InputStream buffered = new BufferedInputStream(raw, BUFFER);
        return switch (file.packed()) {
            case NOT -> raw;
            case GZIP -> new GZIPInputStream(buffered, BUFFER);
            case ZSTANDARD -> new ZstdInputStream(buffered);
        };
    }

    private String document(String part) {
        if (!file.isJsonLines()) {
            return part;
        }
        String place = "line " + line;
        JsonNode text = JsonFile.parse(part.getBytes(StandardCharsets.UTF_8), file.path(), place)
                .path(source.jsonKey());
        if (!text.isTextual()) {
            throw ModelFormatException.in(file.path()).at(place).expected("a text under \"" + source.jsonKey() + "\"")
                    .found(text.isMissingNode() ? "no such key" : text.getNodeType()).problem();
        }
        return text.textValue();
    }

    private ModelFormatException unreadable(IOException e) {
        String kind = switch (file.packed()) {
            case NOT -> "a readable file";
            case GZIP -> "a whole gzip file";
            case ZSTANDARD -> "a whole Zstandard file";
        };
        return ModelFormatException.in(file.path()).expected(kind).found(e.getMessage()).cause(e).problem();
    }

    /// Counts and hashes the bytes of the file itself.
    private static final class Watched extends FilterInputStream {
        private final MessageDigest digest = Hashes.sha256();
        private final LongConsumer bytesRead;

        Watched(InputStream in, LongConsumer bytesRead) {
            super(in);
            this.bytesRead = bytesRead;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            int read = super.read(bytes, offset, length);
            if (read > 0) {
                digest.update(bytes, offset, read);
                bytesRead.accept(read);
            }
            return read;
        }
    }
}
