package org.ternlm.compare.report;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// The style sheets of pages and pictures.
final class Styles {
    private Styles() {}

    /// All that a page needs.
    static String ofPage() {
        return read("colours.css") + read("page.css") + read("picture.css");
    }

    /// All that a picture needs that stands alone.
    static String ofPicture() {
        return read("colours.css") + read("picture.css");
    }

    private static String read(String name) {
        try (InputStream in = Styles.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing");
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
