package org.ternlm.train.data;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// The documents of several sources, one after the other, of which only the current one is in memory. A file that is
/// damaged or unreadable gives a [ModelFormatException] where it is reached. Not thread-safe.
public final class Documents implements Iterator<String>, Closeable {
    private final Iterator<Part> parts;
    private final Predicate<String> wanted;
    private @Nullable SourceReader reader;
    private @Nullable String next;

    private record Part(TextSource source, SourceFile file) {}

    Documents(List<TextSource> sources, Predicate<String> wanted) throws IOException {
        List<Part> all = new ArrayList<>();
        for (TextSource source : sources) {
            SourceFile.of(source).forEach(file -> all.add(new Part(source, file)));
        }
        this.parts = all.iterator();
        this.wanted = wanted;
    }

    @Override
    public boolean hasNext() {
        try {
            while (next == null) {
                if (reader == null) {
                    if (!parts.hasNext()) {
                        return false;
                    }
                    Part part = parts.next();
                    reader = new SourceReader(part.source, part.file, _ -> {});
                }
                String document = reader.next();
                if (document == null) {
                    close();
                } else if (wanted.test(document)) {
                    next = document;
                }
            }
            return true;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public String next() {
        String document = hasNext() ? next : null;
        if (document == null) {
            throw new NoSuchElementException();
        }
        next = null;
        return document;
    }

    @Override
    public void close() throws IOException {
        if (reader != null) {
            reader.close();
            reader = null;
        }
    }
}
