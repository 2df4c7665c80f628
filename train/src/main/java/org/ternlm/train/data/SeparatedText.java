package org.ternlm.train.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// Cuts a stream of text at a separator and holds no more of it than one part. Not thread-safe.
final class SeparatedText implements Closeable {
    private static final int LONGEST = 1 << 27;

    private final Path file;
    private final Utf8Text in;
    private final @Nullable String separator;
    private final StringBuilder buffer = new StringBuilder();
    private int start;
    private int sought;
    private boolean ended;

    /// @param separator null for one part, the whole
    SeparatedText(Utf8Text in, Path file, @Nullable String separator) {
        this.in = in;
        this.file = file;
        this.separator = separator;
    }

    /// The next part as it stands, or null behind the last.
    @Nullable
    String next() throws IOException {
        while (!ended) {
            int end = separator == null ? -1 : buffer.indexOf(separator, sought);
            if (separator != null && end >= 0) {
                String part = buffer.substring(start, end);
                start = end + separator.length();
                sought = start;
                return part;
            }
            // The start of a separator may stand at the end of what is there.
            sought = separator == null ? 0 : Math.max(start, buffer.length() - separator.length() + 1);
            readOn();
        }
        if (start < 0) {
            return null;
        }
        String last = buffer.substring(start);
        start = -1;
        return last;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private void readOn() throws IOException {
        buffer.delete(0, start);
        sought -= start;
        start = 0;
        ended = !in.read(buffer);
        if (buffer.length() > LONGEST) {
            throw ModelFormatException.in(file).expected("documents of at most %,d characters".formatted(LONGEST))
                    .found("a longer one").hint("say which separator stands between documents").problem();
        }
    }
}
