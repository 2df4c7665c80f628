package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What is published is in the bill of materials, in the version that the parent has, and says what releases need.
class BillOfMaterialsTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root"));

    private static String pom(String module) throws IOException {
        return Files.readString(ROOT.resolve(module).resolve("pom.xml"));
    }

    private static List<String> all(String text, String pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void holdsEveryModuleThatIsPublished() throws IOException {
        List<String> published = new ArrayList<>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(folder -> Files.exists(folder.resolve("pom.xml"))).toList()) {
                String name = module.getFileName().toString();
                if (!name.equals("bom") && !pom(name).contains("<maven.deploy.skip>true<")) {
                    published.add("tern-" + name);
                }
            }
        }
        assertThat(all(pom("bom"), "<artifactId>(tern-(?!bom)[^<]+)<")).containsExactlyInAnyOrderElementsOf(published);
    }

    @Test
    void hasTheVersionAndTheAddressesOfTheParent() throws IOException {
        for (String pattern : List.of("<version>([^<$]+)</version>\\s+<packaging>pom<", "<url>(https://ternlm[^<]+)<",
                "<connection>([^<]+)<")) {
            assertThat(all(pom("bom"), pattern)).as(pattern).isNotEmpty().isEqualTo(all(pom(""), pattern));
        }
    }
}
