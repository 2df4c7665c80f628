package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;

/// The shape of what people download.
class ArchiveTest {
    private static List<String> namesBelowTheTop(Path archive) throws IOException {
        List<String> names = Built.names(new GZIPInputStream(Files.newInputStream(archive)));
        String top = names.getFirst();
        assertThat(top).startsWith("tern-");
        assertThat(names).allMatch(name -> name.startsWith(top));
        return names.stream().map(name -> name.substring(top.length())).filter(name -> !name.endsWith("/")).toList();
    }

    @Test
    void theArchiveWithJavaIsThePlainOneAndARunTime() throws IOException {
        List<String> plain = namesBelowTheTop(Built.plain());
        List<String> jlinked = new ArrayList<>(namesBelowTheTop(Built.jlinked()));
        assertThat(jlinked).contains("runtime/bin/java", "runtime/release", "runtime/legal/java.base/LICENSE");
        jlinked.removeIf(name -> name.startsWith("runtime/"));
        assertThat(jlinked).isEqualTo(plain);
    }

    @Test
    void holdsTheProgramItsModelsAndItsLicences() throws IOException {
        List<String> plain = namesBelowTheTop(Built.plain());
        assertThat(plain).contains("bin/tern", "lib/tern.jar", "LICENSE", "NOTICE", "THIRD-PARTY.txt", "sbom.json",
                "README.txt", "licences/jline.txt");
        List<String> models;
        try (Stream<Path> files = Files.walk(Built.ROOT.resolve("models"))) {
            models = files.filter(Files::isRegularFile).map(file -> Built.ROOT.relativize(file).toString()).toList();
        }
        assertThat(plain).containsAll(models);
        assertThat(plain)
                .noneMatch(name -> name.contains("pytorch") || name.contains("dnnl") || name.contains("junit"));
    }

    @Test
    void theBillOfMaterialsNamesEveryJar() throws IOException {
        TreeSet<String> listed = new TreeSet<>();
        for (JsonNode part : new ObjectMapper().readTree(Built.TARGET.resolve("sbom.json").toFile())
                .get("components")) {
            listed.add(part.get("name").asText() + "-" + part.get("version").asText() + ".jar");
        }
        List<String> jars = namesBelowTheTop(Built.plain()).stream()
                .filter(name -> name.startsWith("lib/") && !name.equals("lib/tern.jar"))
                .map(name -> name.substring("lib/".length())).toList();
        assertThat(listed).isEqualTo(new TreeSet<>(jars));
    }

    /// A library that begins to use another module of Java has to be noticed before somebody's server fails over it.
    @Test
    void theRunTimeHasTheModulesThatTheJarsNeed() throws IOException {
        List<String> arguments = new ArrayList<>(List.of("--multi-release", "25", "--ignore-missing-deps",
                "--print-module-deps", "--add-modules", "jdk.incubator.vector"));
        try (Stream<Path> jars = Files.list(Built.TARGET.resolve("jars"))) {
            jars.sorted().forEach(jar -> arguments.add(jar.toString()));
        }
        String needed = JavaRuntime.run("jdeps", arguments.toArray(String[]::new)).strip();
        List<String> known = new ArrayList<>(JavaRuntime.MODULES);
        known.addAll(JavaRuntime.OPTIONAL);
        assertThat(known).containsAll(List.of(needed.split(",")));
        String release = Files.readString(Built.TARGET.resolve("runtime/release"));
        assertThat(JavaRuntime.MODULES).allMatch(release::contains);
        assertThat(JavaRuntime.OPTIONAL).noneMatch(release::contains);
    }
}
