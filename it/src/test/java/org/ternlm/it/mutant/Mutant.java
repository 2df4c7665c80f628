package org.ternlm.it.mutant;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/// A mistake: one text in one source file of `core` replaced by another.
///
/// @param name unique, short
/// @param mistake what goes wrong, for people
/// @param file below `core/src/main/java/org/ternlm`
/// @param text what stands there, exactly once
/// @param replacement what the mistake makes of it
/// @param test the test that must fail: class below `org.ternlm`, `#`, method
record Mutant(String name, String mistake, String file, String text, String replacement, String test) {
    static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));
    private static final Path SOURCES = ROOT.resolve("core/src/main/java/org/ternlm");

    /// All of them, from `mutants.json`.
    static List<Mutant> all() {
        try (InputStream data = Objects.requireNonNull(Mutant.class.getResourceAsStream("mutants.json"))) {
            return new ObjectMapper().readValue(data, new TypeReference<List<Mutant>>() {
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file's name without its folder.
    String fileName() {
        return file.substring(file.lastIndexOf('/') + 1);
    }

    /// The source with the mistake in it.
    ///
    /// @throws IllegalStateException if the text is not there exactly once: the mutant has to follow the source
    String source() throws IOException {
        String sound = Files.readString(SOURCES.resolve(file));
        int at = sound.indexOf(text);
        if (at < 0 || sound.indexOf(text, at + 1) >= 0) {
            throw new IllegalStateException("%s: expected exactly once in %s: %s".formatted(name, file, text));
        }
        return sound.substring(0, at) + replacement + sound.substring(at + text.length());
    }

    @Override
    public String toString() {
        return name;
    }
}
