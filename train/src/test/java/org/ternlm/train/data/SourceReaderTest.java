package org.ternlm.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.Zstd;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.command.CommandException;
import org.ternlm.format.ModelFormatException;

class SourceReaderTest {
    private static final List<String> DOCUMENTS = TestCorpora.documents(500, 100, 1);

    @TempDir
    Path folder;

    private static List<String> read(TextSource source) throws IOException {
        List<String> documents = new ArrayList<>();
        try (Documents all = CorpusPlan.trainingDocuments(List.of(source), 0)) {
            all.forEachRemaining(documents::add);
        }
        return documents;
    }

    private Path file(String name, String text) throws IOException {
        return file(name, text.getBytes(StandardCharsets.UTF_8));
    }

    private Path file(String name, byte[] bytes) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        return Files.write(file, bytes);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream packed = new ByteArrayOutputStream();
        try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
            out.write(bytes);
        }
        return packed.toByteArray();
    }

    private static byte[] join(byte[] one, byte[] other) {
        byte[] both = Arrays.copyOf(one, one.length + other.length);
        System.arraycopy(other, 0, both, one.length, other.length);
        return both;
    }

    @Test
    void readsEveryFormAlike() throws IOException {
        byte[] text = Files.readAllBytes(TestCorpora.write(folder.resolve("plain.txt"), DOCUMENTS));
        StringBuilder lines = new StringBuilder();
        ObjectMapper json = new ObjectMapper();
        for (String document : DOCUMENTS) {
            lines.append(json.writeValueAsString(Map.of("text", document, "id", 1))).append("\r\n");
        }
        assertThat(text.length).isGreaterThan(100_000);
        assertThat(read(TestCorpora.separated(folder.resolve("plain.txt")))).isEqualTo(DOCUMENTS);
        assertThat(read(TestCorpora.separated(file("a.txt.gz", gzip(text))))).isEqualTo(DOCUMENTS);
        assertThat(read(TestCorpora.separated(file("a.txt.zst", Zstd.compress(text))))).isEqualTo(DOCUMENTS);
        assertThat(read(TextSource.of(file("a.jsonl", lines.toString())))).isEqualTo(DOCUMENTS);
        assertThat(read(TextSource.of(file("b.jsonl.zst", Zstd.compress(lines.toString().getBytes(
                StandardCharsets.UTF_8)))))).isEqualTo(DOCUMENTS);
        byte[] head = Arrays.copyOf(text, 50_001);
        byte[] tail = Arrays.copyOfRange(text, 50_001, text.length);
        assertThat(read(TestCorpora.separated(file("parts.gz", join(gzip(head), gzip(tail)))))).isEqualTo(DOCUMENTS);
        assertThat(read(TestCorpora.separated(file("parts.zst", join(Zstd.compress(head), Zstd.compress(tail))))))
                .isEqualTo(DOCUMENTS);
    }

    @Test
    void takesAFileForOneDocumentWithoutASeparator() throws IOException {
        assertThat(read(TextSource.of(file("a.txt", "\uFEFF\n one\n\ntwo \n")))).containsExactly("one\n\ntwo");
        assertThat(read(TextSource.of(file("b.txt", " \n")))).isEmpty();
        assertThat(read(TextSource.of(file("c.txt", "")))).isEmpty();
    }

    @Test
    void findsSeparatorsWhereverTheyLie() throws IOException {
        for (int length = 65_520; length < 65_550; length++) {
            String first = "a".repeat(length);
            assertThat(read(TextSource.of(file("a.txt", first + "ababx" + "|" + "ababx" + "ababx" + "z"))
                    .separatedBy("ababx"))).containsExactly(first, "|", "z");
        }
    }

    @Test
    void readsFoldersInTheOrderOfNames() throws IOException {
        file("b/2.txt", "four");
        file("b/10.txt", "three");
        file("a.txt", "one");
        file("b.txt", "two");
        file("c/x.jsonl.gz", gzip("{\"text\":\"five\"}".getBytes(StandardCharsets.UTF_8)));
        file("notes.tsv", "no text");
        file("text.list", "no text");
        file(".hidden/a.txt", "no text");
        assertThat(read(TextSource.of(folder))).containsExactly("one", "two", "three", "four", "five");
    }

    @Test
    void saysAtWhichByteUtf8GoesWrong() throws IOException {
        byte[] text = ("ä" + "x".repeat(70_000) + "yz").getBytes(StandardCharsets.UTF_8);
        text[70_002] = (byte) 0xFF;
        Path file = file("bad.txt", text);
        assertThatThrownBy(() -> read(TextSource.of(file))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(file + ": byte 70002: expected UTF-8, found bytes FF");
        assertThatThrownBy(() -> read(TextSource.of(file("bad.gz", gzip(text))))).hasMessageContaining("byte 70002");
        assertThat(read(TextSource.of(file).replacingInvalid())).singleElement().asString().hasSize(70_003)
                .endsWith("x\uFFFDz");
        Path cut = file("cut.txt", Arrays.copyOf("aé".getBytes(StandardCharsets.UTF_8), 2));
        assertThatThrownBy(() -> read(TextSource.of(cut)))
                .hasMessageContaining("byte 1: expected UTF-8, found bytes C3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"gz", "zst"})
    void refusesPackedFilesThatAreCutOrNoneAtAll(String ending) throws IOException {
        byte[] text = String.join("\n", DOCUMENTS).getBytes(StandardCharsets.UTF_8);
        byte[] packed = ending.equals("gz") ? gzip(text) : Zstd.compress(text);
        Path cut = file("cut.txt." + ending, Arrays.copyOf(packed, packed.length - 20));
        assertThatThrownBy(() -> read(TextSource.of(cut))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(cut + ": expected a whole");
        Path plain = file("plain.txt." + ending, text);
        assertThatThrownBy(() -> read(TextSource.of(plain))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(plain + ": expected a whole");
    }

    @Test
    void saysWhichJsonLineIsWrong() throws IOException {
        Path broken = file("a.jsonl", "{\"text\":\"a\"}\n\n{\"text\":\n");
        assertThatThrownBy(() -> read(TextSource.of(broken))).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining(broken + ": line 3");
        Path other = file("b.jsonl", "{\"content\":\"a\"}\n{\"text\":1}\n");
        assertThatThrownBy(() -> read(TextSource.of(other)))
                .hasMessageContaining("line 1: expected a text under \"text\", found no such key");
        assertThatThrownBy(() -> read(TextSource.of(other).withJsonKey("content"))).hasMessageContaining("line 2");
    }

    @Test
    void saysWhatIsNotThere() throws IOException {
        assertThatThrownBy(() -> read(TextSource.of(folder.resolve("none.txt")))).isInstanceOf(CommandException.class)
                .hasMessageContaining("no such file or folder").hasMessageContaining("none.txt");
        file("only.tsv", "x");
        assertThatThrownBy(() -> read(TextSource.of(folder))).isInstanceOf(CommandException.class)
                .hasMessageContaining("no text files in");
    }
}
