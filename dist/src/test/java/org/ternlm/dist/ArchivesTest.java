package org.ternlm.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.zip.ZipFile;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ArchivesTest {
    private static final Archives ARCHIVES = new Archives(Instant.parse("2026-11-22T00:00:00Z"));

    @TempDir
    Path folder;

    private Tree tree() throws IOException {
        Path program = Files.writeString(folder.resolve("program"), "#!/bin/sh\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
        return new Tree().addText("top/z.txt", "last").addFile("top/bin/program", program)
                .add("top/link", new Entry(new Content.Link("bin/program"), 0777, Entry.ROOT))
                .addFolder("top/own", 01777, 65532);
    }

    @Test
    void aTarHoldsEverythingInOrderWithOneDate() throws IOException {
        Path file = folder.resolve("a.tar.gz");
        ARCHIVES.writeTarGz(tree(), file);
        List<String> found = new ArrayList<>();
        try (InputStream in = new GzipCompressorInputStream(Files.newInputStream(file));
                TarArchiveInputStream tar = new TarArchiveInputStream(in)) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                found.add("%s %o %d %s".formatted(entry.getName(), entry.getMode() & 07777, entry.getLongUserId(),
                        entry.getLinkName()).strip());
                assertThat(entry.getLastModifiedDate().toInstant()).isEqualTo(ARCHIVES.date());
            }
        }
        assertThat(found).containsExactly("top/ 755 0", "top/bin/ 755 0", "top/bin/program 755 0",
                "top/link 777 0 bin/program", "top/own/ 1777 65532", "top/z.txt 644 0");
    }

    @Test
    void aZipHoldsTheSame() throws IOException {
        Path file = folder.resolve("a.zip");
        ARCHIVES.writeZip(tree(), file);
        try (ZipFile zip = ZipFile.builder().setPath(file).get()) {
            assertThat(zip.getEntry("top/bin/program").getUnixMode() & 0777).isEqualTo(0755);
            assertThat(zip.getUnixSymlink(zip.getEntry("top/link"))).isEqualTo("bin/program");
            assertThat(new String(zip.getInputStream(zip.getEntry("top/z.txt")).readAllBytes())).isEqualTo("last");
        }
    }

    @Test
    void bytesDoNotDependOnTheOrderOrTheHour() throws IOException {
        Path first = folder.resolve("1.zip");
        ARCHIVES.writeZip(new Tree().addText("a", "1").addText("b", "2"), first);
        Path second = folder.resolve("2.zip");
        ARCHIVES.writeZip(new Tree().addText("b", "2").addText("a", "1"), second);
        assertThat(second).hasSameBinaryContentAs(first);
        ARCHIVES.writeTarGz(tree(), first);
        assertThat(folder.resolve("program").toFile().setLastModified(0)).isTrue();
        ARCHIVES.writeTarGz(tree(), second);
        assertThat(second).hasSameBinaryContentAs(first);
    }

    @Test
    void twoFilesDoNotLieInOnePlace() {
        Tree tree = new Tree().addText("a", "1");
        assertThatThrownBy(() -> tree.addText("a", "2")).hasMessage("two files are to lie at a");
    }
}
