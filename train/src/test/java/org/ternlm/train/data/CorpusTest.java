package org.ternlm.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.CommandException;
import org.ternlm.command.MemoryConsole;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tokenizer.Tokenizer;

class CorpusTest {
    private static final List<String> DOCUMENTS = TestCorpora.documents(300, 40, 2);
    private static final long ONE_SHARD = 1L << 30;

    @TempDir
    Path scratch;

    private final MemoryConsole console = new MemoryConsole();
    private Path text = Path.of("");
    private Path folder = Path.of("");

    @BeforeEach
    void writeText() throws IOException {
        text = TestCorpora.write(scratch.resolve("text.txt"), DOCUMENTS);
        folder = scratch.resolve("corpus");
    }

    private TreeMap<String, byte[]> content(Path where) throws IOException {
        TreeMap<String, byte[]> content = new TreeMap<>();
        try (Stream<Path> files = Files.list(where)) {
            for (Path file : files.toList()) {
                content.put(String.valueOf(file.getFileName()), Files.readAllBytes(file));
            }
        }
        return content;
    }

    private Path shard() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(".tokens")).findFirst().orElseThrow();
        }
    }

    @Test
    void storesWhatTheTokenizerGives() throws IOException {
        Tokenizer tokenizer = TestCorpora.tokenizer();
        try (Corpus corpus = Corpus.prepare(TestCorpora.plan(text), folder, console)) {
            List<List<Integer>> stored = TestCorpora.ids(corpus.training());
            long bytes = 0;
            for (int i = 0; i < DOCUMENTS.size(); i++) {
                List<Integer> expected = new ArrayList<>(List.of(1020));
                for (int id : tokenizer.encode(DOCUMENTS.get(i), false)) {
                    expected.add(id);
                }
                expected.add(1021);
                assertThat(stored.get(i)).isEqualTo(expected);
                bytes += DOCUMENTS.get(i).getBytes(StandardCharsets.UTF_8).length;
            }
            assertThat(corpus.training().bytes()).isEqualTo(bytes);
            assertThat(corpus.training().tokens()).isEqualTo(stored.stream().mapToLong(List::size).sum());
            assertThat(corpus.training().bytesPerToken()).isEqualTo((double) bytes / corpus.training().tokens());
            assertThat(corpus.validation()).isEmpty();
        }
        try (Corpus bare = Corpus.prepare(TestCorpora.plan(text).withMarks(false, false), folder, console)) {
            assertThat(TestCorpora.ids(bare.training()).getFirst()).doesNotContain(1020, 1021);
        }
    }

    @Test
    void takesSpecialTokensInTextsForText() throws IOException {
        Files.writeString(text, "before <|end_of_text|> after");
        try (Corpus corpus = Corpus.prepare(TestCorpora.plan(text), folder, console)) {
            assertThat(TestCorpora.ids(corpus.training()).getFirst()).containsOnlyOnce(1021).endsWith(1021);
        }
    }

    @Test
    void givesTheSameFilesWithAnyNumberOfThreads() throws IOException {
        List<String> many = TestCorpora.documents(12_000, 60, 9);
        TestCorpora.write(text, many);
        CorpusPlan plan = TestCorpora.plan(text).withValidationShare(0.1);
        Corpus.prepare(plan, scratch.resolve("one"), console).close();
        Corpus.prepare(plan.withThreads(5), scratch.resolve("five"), console).close();
        TreeMap<String, byte[]> one = content(scratch.resolve("one"));
        TreeMap<String, byte[]> five = content(scratch.resolve("five"));
        assertThat(five.keySet()).isEqualTo(one.keySet()).hasSize(4);
        one.forEach((name, bytes) -> assertThat(Arrays.equals(five.get(name), bytes)).as(name).isTrue());
    }

    @Test
    void spreadsDocumentsOverShards() throws IOException {
        try (Corpus one = Corpus.prepare(TestCorpora.plan(text), scratch.resolve("one"), console, ONE_SHARD);
                Corpus many = Corpus.prepare(TestCorpora.plan(text), folder, console, 4_000)) {
            assertThat(content(folder).keySet()).filteredOn(name -> name.endsWith(".tokens")).hasSizeGreaterThan(3);
            assertThat(TestCorpora.ids(many.training())).isEqualTo(TestCorpora.ids(one.training()));
            assertThat(many.fingerprint()).isEqualTo(one.fingerprint());
        }
    }

    @Test
    void splitsByTheTextOfDocuments() throws IOException {
        List<String> twice = new ArrayList<>(DOCUMENTS);
        twice.addAll(DOCUMENTS);
        TestCorpora.write(text, twice);
        Set<String> validation;
        try (Corpus corpus = Corpus.prepare(TestCorpora.plan(text).withValidationShare(0.2), folder, console)) {
            validation = new HashSet<>(TestCorpora.texts(corpus.validation().orElseThrow()));
            List<String> training = TestCorpora.texts(corpus.training());
            assertThat(training).doesNotContainAnyElementsOf(validation);
            assertThat(validation.size()).isBetween(35, 85);
            assertThat(training.size() + corpus.validation().orElseThrow().documents()).isEqualTo(twice.size());
            assertThat(corpus.validation().orElseThrow().bytesPerToken()).isGreaterThan(1);
        }
        // More text moves no document.
        List<String> more = new ArrayList<>(TestCorpora.documents(400, 40, 77));
        more.addAll(DOCUMENTS);
        TestCorpora.write(text, more);
        try (Corpus corpus = Corpus.prepare(TestCorpora.plan(text).withValidationShare(0.2), folder, console)) {
            assertThat(TestCorpora.texts(corpus.validation().orElseThrow())).containsAll(validation);
        }
        List<String> seen = new ArrayList<>();
        try (Documents documents = CorpusPlan.trainingDocuments(List.of(TestCorpora.separated(text)), 0.2)) {
            documents.forEachRemaining(seen::add);
        }
        assertThat(seen).doesNotContainAnyElementsOf(validation).hasSizeBetween(400, 699);
    }

    @Test
    void keepsValidationSourcesOutOfTraining() throws IOException {
        Path held = TestCorpora.write(scratch.resolve("held.txt"), DOCUMENTS.subList(10, 30));
        CorpusPlan plan = TestCorpora.plan(text).withValidation(List.of(TestCorpora.separated(held)));
        try (Corpus corpus = Corpus.prepare(plan, folder, console)) {
            assertThat(TestCorpora.texts(corpus.validation().orElseThrow())).isEqualTo(DOCUMENTS.subList(10, 30));
            assertThat(corpus.training().documents()).isEqualTo(DOCUMENTS.size() - 20);
            assertThat(console.errorText()).contains("20 documents left out");
        }
    }

    @Test
    void reusesWhatIsThere() throws IOException {
        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        Object key = Files.readAttributes(shard(), BasicFileAttributes.class).fileKey();
        String said = console.errorText();
        Path moved = Files.createDirectories(scratch.resolve("elsewhere")).resolve("text.txt");
        Files.move(text, moved);
        Corpus.prepare(TestCorpora.plan(moved).withThreads(3), folder, console).close();
        assertThat(Files.readAttributes(shard(), BasicFileAttributes.class).fileKey())
                .isEqualTo(key);
        assertThat(console.errorText()).isEqualTo(said);
    }

    @Test
    void preparesAgainWhatHasChanged() throws IOException {
        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        Path before = shard();
        Files.writeString(text, "x", StandardOpenOption.APPEND);
        try (Corpus corpus = Corpus.prepare(TestCorpora.plan(text), folder, console)) {
            assertThat(TestCorpora.texts(corpus.training()).getLast()).isEqualTo(DOCUMENTS.getLast() + "x");
        }
        assertThat(before).doesNotExist();
        assertThat(content(folder)).hasSize(3);
    }

    @Test
    void refusesToGoOnWithOtherData() throws IOException {
        CorpusPlan plan = TestCorpora.plan(text);
        String fingerprint;
        try (Corpus corpus = Corpus.prepare(plan, folder, console)) {
            fingerprint = corpus.fingerprint();
        }
        Corpus.resume(plan, folder, console, fingerprint).close();
        Files.writeString(text, Files.readString(text).replace("Story 7:", "Story 9:"));
        assertThatThrownBy(() -> Corpus.resume(plan, folder, console, fingerprint)).isInstanceOf(CommandException.class)
                .hasMessageContaining("changed data: training source 1, files, text.txt, sha256: expected")
                .hasMessageContaining(", found");
        assertThatThrownBy(() -> Corpus.resume(plan.withMarks(true, false), folder, console, fingerprint))
                .hasMessageContaining("eos: expected true, found false");
        // Nothing is lost: the corpus of before still opens.
        try (Corpus corpus = Corpus.open(folder)) {
            assertThat(corpus.fingerprint()).isEqualTo(fingerprint);
        }
        // Without its shards the same text gives the same corpus again.
        TestCorpora.write(text, DOCUMENTS);
        Files.delete(shard());
        Files.delete(folder.resolve("corpus.json"));
        Corpus.resume(plan, folder, console, fingerprint).close();
    }

    @Test
    void leavesNothingThatLooksCompleteWhenItFails() throws IOException {
        byte[] bad = Files.readAllBytes(text);
        bad[bad.length - 2] = (byte) 0xFE;
        Path broken = Files.write(scratch.resolve("broken.txt"), bad);
        assertThatThrownBy(() -> Corpus.prepare(TestCorpora.plan(broken), folder, console))
                .isInstanceOf(ModelFormatException.class).hasMessageContaining("byte " + (bad.length - 2));
        assertThat(content(folder)).containsOnlyKeys("corpus.lock");
        assertThatThrownBy(() -> Corpus.open(folder)).isInstanceOf(ModelFormatException.class);

        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        assertThatThrownBy(() -> Corpus.prepare(TestCorpora.plan(broken), folder, console))
                .hasMessageContaining("UTF-8");
        try (Corpus corpus = Corpus.open(folder)) {
            assertThat(TestCorpora.texts(corpus.training())).isEqualTo(DOCUMENTS);
        }
    }

    @Test
    void cleansUpAfterAKilledPreparation() throws IOException {
        Files.createDirectories(folder);
        Files.writeString(folder.resolve("training-0123456789ab-00000.tokens"), "whole, but nobody names it");
        Files.writeString(folder.resolve("training-0123456789ab-00001.tokens.partial"), "half");
        Files.writeString(folder.resolve("notes.tokens"), "not ours");
        assertThatThrownBy(() -> Corpus.open(folder)).isInstanceOf(ModelFormatException.class);
        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        assertThat(content(folder).keySet()).hasSize(4).contains("notes.tokens", "corpus.json", "corpus.lock")
                .noneMatch(name -> name.contains("0123456789ab"));
    }

    @Test
    void preparesAgainWhatIsDamaged() throws IOException {
        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        byte[] whole = Files.readAllBytes(shard());
        for (int at : new int[] {0, 8, 12, 16, 24, whole.length - 1, whole.length - 8 * DOCUMENTS.size() + 6}) {
            byte[] damaged = whole.clone();
            damaged[at] ^= 0x41;
            Files.write(shard(), damaged);
            assertThatThrownBy(() -> Corpus.open(folder)).as("byte %d", at).isInstanceOf(ModelFormatException.class);
        }
        Files.write(shard(), Arrays.copyOf(whole, whole.length / 2));
        assertThatThrownBy(() -> Corpus.open(folder)).isInstanceOf(ModelFormatException.class);
        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        assertThat(shard()).hasBinaryContent(whole);
        assertThat(console.errorText()).contains("preparing the corpus again");
    }

    @Test
    void findsIdsThatTheVocabularyDoesNotHave() throws IOException {
        Corpus.prepare(TestCorpora.plan(text), folder, console).close();
        byte[] damaged = Files.readAllBytes(shard());
        damaged[ShardFormat.HEADER + 1] = (byte) 0xFF;
        Files.write(shard(), damaged);
        try (Corpus corpus = Corpus.open(folder)) {
            assertThatThrownBy(() -> corpus.training().copy(0, 0, 1, new int[1], 0))
                    .isInstanceOf(ModelFormatException.class)
                    .hasMessageContaining("token 0: expected an id below 1024");
        }
    }

    @Test
    void saysWhenThereIsNothingToTrainOn() throws IOException {
        Files.writeString(text, " \n" + TestCorpora.SEPARATOR + "\n");
        assertThatThrownBy(() -> Corpus.prepare(TestCorpora.plan(text), folder, console))
                .isInstanceOf(CommandException.class).hasMessage("empty corpus: no text in " + text);
        Files.writeString(text, "one document");
        assertThatThrownBy(() -> Corpus.prepare(TestCorpora.plan(text).withValidationShare(0.000_001), folder, console))
                .isInstanceOf(CommandException.class).hasMessageContaining("no document fell to the validation split");
        assertThatThrownBy(() -> Corpus.prepare(TestCorpora.plan(text).withValidationShare(0.999_999), folder, console))
                .isInstanceOf(CommandException.class).hasMessageContaining("no document is left for training");
        assertThatThrownBy(() -> Corpus.prepare(new CorpusPlan(Path.of(System.getProperty("tern.root", ".."))
                .resolve("testdata/models/golden/none"), TestCorpora.plan(text).training(), List.of(), 0, true, true,
                1),
                folder, console)).isInstanceOf(ModelFormatException.class);
    }

    @Test
    void writesLargeVocabulariesInFourBytes() throws IOException {
        Path file = scratch.resolve("training-0123456789ab-00000.tokens");
        int[][] documents = {{70_000, 1}, {2, 65_535, 65_536}};
        Shard.Entry entry;
        try (ShardWriter writer = new ShardWriter(file, ShardFormat.width(70_001))) {
            writer.add(documents[0]);
            writer.add(documents[1]);
            entry = writer.finish();
        }
        try (Arena arena = Arena.ofConfined()) {
            Shard shard = Shard.map(scratch, entry, 70_001, arena);
            int[] read = new int[5];
            shard.copy(0, 5, read, 0);
            assertThat(read).containsExactly(70_000, 1, 2, 65_535, 65_536);
            assertThat(shard.start(1)).isEqualTo(2);
        }
        assertThat(Files.size(file)).isEqualTo(32 + 24 + 24);
    }
}
