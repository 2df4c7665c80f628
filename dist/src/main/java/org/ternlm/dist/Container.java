package org.ternlm.dist;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// The container image of Tern: the C library, Java, the program. No shell and no other programs.
final class Container {
    private static final String HOME = "/opt/tern";
    private static final String USER_HOME = "/home/tern";
    private static final String MODELS = "/models";
    /// The number that images without a system mostly give to a user without rights.
    private static final int USER = 65532;
    private static final int ANYBODY = 01777;

    private Container() {}

    /// Writes the image.
    ///
    /// @param program the program, as in an archive
    /// @param runtime the run time of Java
    /// @param options what the launcher gives to Java
    /// @param work a folder for what is made on the way
    static void write(Path file, String version, Tree program, Path runtime, List<String> options, Archives archives,
            Path work) throws IOException {
        Files.createDirectories(work);
        Tree java = new Tree().addAll((HOME + "/runtime").substring(1), runtime);
        Tree tern = new Tree().addAll(HOME.substring(1), program);
        new OciImage(archives, architecture(), work)
                .addLayer(SystemLibraries.needed(runtime).addAll("etc", users()),
                        "C library of the building machine (LGPL-2.1-or-later, see /usr/share/doc/libc6/copyright)")
                .addLayer(java, "Java run time, linked for tern (GPL-2.0 with Classpath exception)")
                .addLayer(folders(tern), "tern " + version)
                .write(file, "tern:" + version, process(version, options));
        try (Stream<Path> layers = Files.list(work)) {
            for (Path layer : layers.toList()) {
                Files.delete(layer);
            }
        }
        Files.delete(work);
    }

    private static Tree users() {
        return new Tree()
                .addText("passwd", "root:x:0:0:root:/:/nonexistent\ntern:x:%1$d:%1$d:tern:%2$s:/nonexistent\n"
                        .formatted(USER, USER_HOME))
                .addText("group", "root:x:0:\ntern:x:%d:\n".formatted(USER))
                .addText("nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n");
    }

    private static Tree folders(Tree tree) {
        return tree.addFolder("tmp", ANYBODY, Entry.ROOT)
                .addFolder(USER_HOME.substring(1), Entry.PROGRAM, USER)
                // Where models pulled from a hub are kept; a volume there outlives the container.
                .addFolder(USER_HOME.substring(1) + "/.cache", Entry.PROGRAM, USER)
                .addFolder(MODELS.substring(1), Entry.PROGRAM, USER);
    }

    private static Map<String, Object> process(String version, List<String> options) {
        List<String> entrypoint = new ArrayList<>(List.of(HOME + "/runtime/bin/java"));
        entrypoint.addAll(options);
        entrypoint.addAll(List.of("-XX:-UsePerfData", "-Dtern.home=" + HOME, "-jar", HOME + "/lib/tern.jar"));
        return Map.of("User", USER + ":" + USER, "WorkingDir", MODELS, "Entrypoint", entrypoint, "Cmd",
                List.of("--help"), "Env",
                List.of("PATH=" + HOME + "/bin:" + HOME + "/runtime/bin", "LANG=C.UTF-8", "HOME="
                        + USER_HOME),
                "ExposedPorts", Map.of("8080/tcp", Map.of()), "Volumes",
                Map.of(MODELS, Map.of()), "Labels",
                Map.of("org.opencontainers.image.title", "tern", "org.opencontainers.image.version", version,
                        "org.opencontainers.image.description", "1.58-bit language models on the JVM",
                        "org.opencontainers.image.licenses",
                        "Apache-2.0 AND GPL-2.0-only WITH Classpath-exception-2.0 AND LGPL-2.1-or-later"));
    }

    private static String architecture() {
        String name = System.getProperty("os.arch");
        return name.equals("aarch64") ? "arm64" : name;
    }
}
