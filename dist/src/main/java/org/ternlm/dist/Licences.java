package org.ternlm.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import java.util.zip.ZipEntry;

/// The licences of the libraries that an archive holds.
final class Licences {
    private static final Pattern TEXT = Pattern.compile("META-INF/(LICEN[CS]E|NOTICE|COPYING)(\\.(txt|md))?",
            Pattern.CASE_INSENSITIVE);

    private Licences() {}

    /// A table of libraries and their licences.
    ///
    /// @param sbom a bill of materials as CycloneDX writes it
    /// @throws IOException if it cannot be read, or if a library in it has no licence
    static String table(Path sbom) throws IOException {
        List<JsonNode> libraries = StreamSupport
                .stream(new ObjectMapper().readTree(sbom.toFile()).path("components").spliterator(), false)
                .filter(library -> !library.path("group").asText().equals("org.ternlm"))
                .sorted(Comparator.comparing(Licences::coordinates)).toList();
        if (libraries.isEmpty()) {
            throw new IOException("there is no library in " + sbom);
        }
        StringBuilder table = new StringBuilder(
                """
                        Libraries by others in this folder, and their licences, as sbom.json lists them. Texts that came with them lie in
                        the folder licences. A run time of Java, if there is one, has its own in runtime/legal.

                        """);
        for (JsonNode library : libraries) {
            table.append(coordinates(library)).append("\n    ").append(licences(library, sbom)).append('\n');
        }
        return table.toString();
    }

    private static String coordinates(JsonNode library) {
        return "%s:%s:%s".formatted(library.path("group").asText(), library.path("name").asText(),
                library.path("version").asText());
    }

    private static String licences(JsonNode library, Path sbom) throws IOException {
        StringJoiner names = new StringJoiner(" or ");
        for (JsonNode choice : library.path("licenses")) {
            JsonNode license = choice.path("license");
            String name = license.path("id").asText(license.path("name").asText(choice.path("expression").asText()));
            if (!name.isEmpty()) {
                names.add(name);
            }
        }
        if (names.length() == 0) {
            throw new IOException("%s names no licence of %s".formatted(sbom, coordinates(library)));
        }
        return names.toString();
    }

    /// The texts that lie in the jars: one folder for each jar that has any.
    static Tree texts(List<Path> jars) throws IOException {
        Tree texts = new Tree();
        for (Path file : jars) {
            String name = LaunchJar.name(file).replaceFirst("\\.jar$", "");
            try (JarFile jar = new JarFile(file.toFile())) {
                for (ZipEntry entry : jar.stream().filter(entry -> TEXT.matcher(entry.getName()).matches()).toList()) {
                    try (InputStream in = jar.getInputStream(entry)) {
                        String text = entry.getName().substring("META-INF/".length()).toUpperCase(Locale.ROOT);
                        texts.addBytes(name + "/" + text, in.readAllBytes());
                    }
                }
            }
        }
        return texts;
    }
}
