package org.ternlm.dist;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/// What the build has made, which these tests look at.
final class Built {
    static final Path ROOT = Path.of(System.getProperty("tern.root")).toAbsolutePath();
    static final Path TARGET = ROOT.resolve("dist/target");

    private Built() {}

    static Path jlinked() throws IOException {
        return file(name -> name.endsWith("-" + Distribution.platform() + ".tar.gz"));
    }

    static Path plain() throws IOException {
        return file(name -> name.endsWith(".tar.gz") && !name.endsWith("-" + Distribution.platform() + ".tar.gz"));
    }

    static Path image() throws IOException {
        return file(name -> name.endsWith("-oci.tar"));
    }

    private static Path file(Predicate<String> isMeant) throws IOException {
        try (Stream<Path> files = Files.list(TARGET)) {
            List<Path> found = files.filter(file -> isMeant.test(file.getFileName().toString())).toList();
            if (found.size() != 1) {
                throw new IOException("expected one such archive in %s, found %s".formatted(TARGET, found));
            }
            return found.getFirst();
        }
    }

    /// Runs tar, which keeps rights and owners.
    static void unpack(Path archive, Path folder) throws IOException, InterruptedException {
        Files.createDirectories(folder);
        Process tar = new ProcessBuilder("tar", "-xf", archive.toString(), "-C", folder.toString()).inheritIO().start();
        if (tar.waitFor() != 0) {
            throw new IOException("tar could not unpack " + archive);
        }
    }

    /// The paths of a tar archive.
    static List<String> names(InputStream archive) throws IOException {
        Stream.Builder<String> names = Stream.builder();
        try (TarArchiveInputStream tar = new TarArchiveInputStream(archive)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                names.add(entry.getName());
            }
        }
        return names.build().toList();
    }
}
