package org.ternlm.eval.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ternlm.TestFiles;

class Bzip2InputStreamTest {
    /// Runs, all byte values, and 250,000 bytes in blocks of 100,000: made by bzip2 1.0.8 from [#expected()].
    private static final Path SAMPLE = TestFiles.resource("task/sample.bz2");

    private static byte[] expected() {
        StringBuilder text = new StringBuilder();
        for (int length = 1; length < 300; length++) {
            text.append((char) (length % 256)).append("a".repeat(length));
        }
        for (int i = 0; text.length() < 250_000; i++) {
            text.append(i * 7919L % 1009).append(i % 13 == 0 ? "\n" : " ");
        }
        return text.toString().getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] unpacked(byte[] packed) throws IOException {
        try (Bzip2InputStream in = new Bzip2InputStream(new ByteArrayInputStream(packed))) {
            return in.readAllBytes();
        }
    }

    @Test
    void unpacksWhatBzip2Packs() throws IOException {
        assertThat(unpacked(Files.readAllBytes(SAMPLE))).isEqualTo(expected());
    }

    @Test
    void damageIsFoundWhereverItIs() throws IOException {
        byte[] packed = Files.readAllBytes(SAMPLE);
        for (int at = 0; at < packed.length - 1; at += 1 + packed.length / 200) {
            byte[] damaged = packed.clone();
            damaged[at] ^= 1 << at % 8;
            if (at == 3) {
                continue; // The size of blocks may be larger than they are.
            }
            assertThatThrownBy(() -> unpacked(damaged)).as("byte %d", at).isInstanceOf(IOException.class);
        }
        assertThatThrownBy(() -> unpacked(java.util.Arrays.copyOf(packed, packed.length - 5))).isInstanceOf(
                IOException.class).hasMessageContaining("ends too early");
    }

    @Test
    void readsAllOfHellaSwag() {
        Optional<Path> data = TestFiles.data();
        assumeThat(data).as("-Dtern.data=DIR").isPresent();
        List<Item> items = new EvaluationData(data.orElseThrow()).items(Selection.one("hellaswag"), Style.HARNESS,
                Integer.MAX_VALUE);
        assertThat(items).hasSize(10_042).allMatch(item -> item.choices().size() == 4);
    }
}
