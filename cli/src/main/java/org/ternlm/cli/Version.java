package org.ternlm.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/// Which tern this is.
public final class Version {
    private Version() {}

    /// The version of the build: `0.1.0`.
    public static String number() {
        Properties properties = new Properties();
        try (InputStream stream = Version.class.getResourceAsStream("version.properties")) {
            properties.load(stream);
        } catch (IOException problem) {
            throw new UncheckedIOException(problem);
        }
        return properties.getProperty("version");
    }

    /// The line of `tern --version`.
    static String line() {
        return "tern %s (JDK %s, %s %s)".formatted(number(), Runtime.version(), System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }
}
