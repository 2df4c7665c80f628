package org.ternlm;

import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.Optional;

/// Finds the files that tests read.
public final class TestFiles {
    private TestFiles() {}

    /// A small model that tests bring along.
    public static Path model(String name) {
        return Path.of(System.getProperty("tern.root"), "testdata", "models", name);
    }

    /// A file below `org/ternlm/eval` in the resources of tests.
    public static Path resource(String name) {
        URL found = TestFiles.class.getResource("/org/ternlm/eval/" + name);
        if (found == null) {
            throw new IllegalStateException("no resource " + name);
        }
        try {
            return Path.of(found.toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    /// The folder of complete data sets, if the build names one.
    public static Optional<Path> data() {
        String named = System.getProperty("tern.data", "");
        return named.isEmpty() || named.startsWith("${") ? Optional.empty() : Optional.of(Path.of(named));
    }
}
