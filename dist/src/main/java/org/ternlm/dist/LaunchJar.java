package org.ternlm.dist;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;

/// The jar that `java -jar` starts: no classes, but a manifest that names all other jars. One class path for every command,
/// so that one AOT cache serves them all.
final class LaunchJar {
    private LaunchJar() {}

    /// Makes the jar.
    ///
    /// @param program the jar of the command line, whose manifest says what is started and what it may
    /// @param jars all jars of the class path; they are to lie in the same folder
    static byte[] of(Path program, List<Path> jars, Instant date) throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.put(Attributes.Name.CLASS_PATH, String.join(" ", jars.stream().map(LaunchJar::name).toList()));
        try (JarFile original = new JarFile(program.toFile())) {
            Attributes given = original.getManifest().getMainAttributes();
            for (String name : List.of("Main-Class", "Add-Exports", "Enable-Native-Access")) {
                String value = given.getValue(name);
                if (value == null) {
                    throw new IOException("the manifest of " + program + " has no " + name);
                }
                attributes.putValue(name, value);
            }
        }
        // Makes the jar of every build another one, and so the cache of classes that belongs to it.
        attributes.putValue("Jars-SHA-256", Sha256.ofAll(jars));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JarOutputStream jar = new JarOutputStream(bytes)) {
            ZipEntry entry = new ZipEntry(JarFile.MANIFEST_NAME);
            entry.setTimeLocal(LocalDateTime.ofInstant(date, ZoneOffset.UTC));
            jar.putNextEntry(entry);
            manifest.write(jar);
            jar.closeEntry();
        }
        return bytes.toByteArray();
    }

    static String name(Path file) {
        return String.valueOf(file.getFileName());
    }
}
