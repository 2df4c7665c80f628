package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LicencesTest {
    @TempDir
    Path folder;

    private Path sbom(String components) throws IOException {
        return Files.writeString(folder.resolve("sbom.json"), "{\"components\": [" + components + "]}");
    }

    @Test
    void namesEveryLibraryOfOthers() throws IOException {
        assertThat(Licences.table(sbom("""
                {"group": "z", "name": "b", "version": "2", "licenses": [{"license": {"name": "A licence"}}]},
                {"group": "org.ternlm", "name": "tern-core", "version": "1"},
                {"group": "a", "name": "c", "version": "3",
                 "licenses": [{"license": {"id": "MIT"}}, {"license": {"id": "BSD-2-Clause"}}]}
                """))).contains("a:c:3\n    MIT or BSD-2-Clause\nz:b:2\n    A licence\n").doesNotContain("tern-core");
    }

    @Test
    void aLibraryWithoutALicenceIsNotShipped() throws IOException {
        Path sbom = sbom("{\"group\": \"z\", \"name\": \"b\", \"version\": \"2\"}");
        assertThatThrownBy(() -> Licences.table(sbom)).hasMessageContaining("names no licence of z:b:2");
    }

    @Test
    void anEmptyListIsAMistake() throws IOException {
        Path sbom = sbom("");
        assertThatThrownBy(() -> Licences.table(sbom)).hasMessageContaining("there is no library");
    }
}
