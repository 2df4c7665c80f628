package org.ternlm.train.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.ternlm.format.ModelFormatException;

/// UTF-8 out of a stream, which knows at which byte it goes wrong. A byte order mark at the start is left out. Not
/// thread-safe.
final class Utf8Text implements Closeable {
    private static final int BUFFER = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final Path file;
    private final InputStream in;
    private final CharsetDecoder decoder;
    private final ByteBuffer bytes = ByteBuffer.allocate(BUFFER).flip();
    private final CharBuffer chars = CharBuffer.allocate(BUFFER);
    private long bytesBefore;
    private boolean started;
    private boolean ended;

    /// @param file named in messages
    Utf8Text(InputStream in, Path file, boolean replaceInvalid) {
        this.in = in;
        this.file = file;
        CodingErrorAction action = replaceInvalid ? CodingErrorAction.REPLACE : CodingErrorAction.REPORT;
        this.decoder = StandardCharsets.UTF_8.newDecoder().onMalformedInput(action).onUnmappableCharacter(action);
    }

    /// Appends some more text to `text`.
    ///
    /// @return false if there is no more
    /// @throws ModelFormatException at bytes that are no UTF-8, unless they are replaced
    boolean read(StringBuilder text) throws IOException {
        if (ended) {
            return false;
        }
        refill();
        CoderResult result = decoder.decode(bytes, chars, ended);
        if (result.isError()) {
            throw invalid(result.length());
        }
        if (ended) {
            decoder.flush(chars);
        }
        chars.flip();
        if (!started && chars.hasRemaining()) {
            started = true;
            chars.position(chars.get(0) == BYTE_ORDER_MARK ? 1 : 0);
        }
        text.append(chars);
        chars.clear();
        return true;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void refill() throws IOException {
        bytesBefore += bytes.position();
        bytes.compact();
        int read = in.read(bytes.array(), bytes.position(), bytes.remaining());
        ended = read < 0;
        bytes.position(bytes.position() + Math.max(read, 0)).flip();
    }

    private ModelFormatException invalid(int length) {
        StringBuilder found = new StringBuilder("bytes");
        for (int i = 0; i < Math.min(length, bytes.remaining()); i++) {
            found.append(" %02X".formatted(bytes.get(bytes.position() + i)));
        }
        return ModelFormatException.in(file).at("byte " + (bytesBefore + bytes.position())).expected("UTF-8")
                .found(found)
                .hint("convert the file to UTF-8, or have what is invalid replaced; bytes count from 0, unpacked")
                .problem();
    }
}
