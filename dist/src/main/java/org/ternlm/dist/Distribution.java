package org.ternlm.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Makes all that people download. Started by the build.
public final class Distribution {
    private static final String COMPRESSION = "zip-6";

    private Distribution() {}

    /// Writes the archives and the image.
    ///
    /// @param args the root of the sources, the build's output folder (with `jars` and `sbom.json`), the version, and the
    ///        date of everything, as in `2026-11-22T00:00:00Z`
    /// @throws IOException if something is missing, cannot be written, or if a tool of the JDK fails
    public static void main(String[] args) throws IOException {
        Path root = Path.of(args[0]).toRealPath();
        Path target = Path.of(args[1]).toRealPath();
        String version = args[2];
        Archives archives = new Archives(Instant.parse(args[3]));
        String name = "tern-" + version;
        Tree program = Program.lay(root, target.resolve("jars"), target.resolve("sbom.json"), archives.date());
        Tree plain = new Tree().addAll(name, program);
        archives.writeTarGz(plain, target.resolve(name + ".tar.gz"));
        archives.writeZip(plain, target.resolve(name + ".zip"));

        Path runtime = target.resolve("runtime");
        delete(runtime);
        JavaRuntime.link(runtime, COMPRESSION);
        archives.writeTarGz(plain.addAll(name + "/runtime", runtime),
                target.resolve(name + "-" + platform() + ".tar.gz"));
        if (platform().startsWith("linux")) {
            List<String> options = Launcher.options(root.resolve("tern"));
            Container.write(target.resolve(name + "-oci.tar"), version, program, runtime, options, archives,
                    target.resolve("layers"));
        }
    }

    /// What a Java run time made here runs on, such as `linux-x64`.
    static String platform() {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String processor = System.getProperty("os.arch");
        String family = system.startsWith("mac") ? "macos" : system.startsWith("windows") ? "windows" : system;
        return family + "-" + (processor.equals("amd64") || processor.equals("x86_64") ? "x64" : processor);
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
