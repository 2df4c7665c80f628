package org.ternlm.train.data;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.ternlm.tokenizer.Tokenizer;

/// Small corpora for tests.
final class TestCorpora {
    static final String SEPARATOR = "<|endoftext|>";
    static final Path TOKENIZER = Path.of(System.getProperty("tern.root", ".."))
            .resolve("testdata/models/golden/bitnet-2b4t-packed");
    private static final List<String> WORDS = List.of("the", "bird", "sang", "again", "on", "a", "tree", "é", "中文",
            "😀",
            "12345", "don't", "\n", "Once", "upon");

    private TestCorpora() {}

    static Tokenizer tokenizer() throws IOException {
        return Tokenizer.load(TOKENIZER);
    }

    /// Different documents of 1 to `longest` words.
    static List<String> documents(int count, int longest, long seed) {
        Random random = new Random(seed);
        List<String> documents = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder("Story " + i + ":");
            for (int words = random.nextInt(longest); words >= 0; words--) {
                text.append(' ').append(WORDS.get(random.nextInt(WORDS.size())));
            }
            documents.add(text.toString().strip());
        }
        return documents;
    }

    static Path write(Path file, List<String> documents) throws IOException {
        return Files.writeString(file, String.join("\n" + SEPARATOR + "\n", documents));
    }

    static TextSource separated(Path file) {
        return TextSource.of(file).separatedBy(SEPARATOR);
    }

    static CorpusPlan plan(Path file) {
        return CorpusPlan.of(TOKENIZER, List.of(separated(file))).withValidationShare(0).withThreads(1);
    }

    /// All documents of a split as their ids.
    static List<List<Integer>> ids(TokenSplit split) {
        List<List<Integer>> all = new ArrayList<>();
        for (int document = 0; document < split.documents(); document++) {
            int[] ids = new int[split.length(document)];
            split.copy(document, 0, ids.length, ids, 0);
            all.add(java.util.Arrays.stream(ids).boxed().toList());
        }
        return all;
    }

    /// All documents of a split as text.
    static List<String> texts(TokenSplit split) throws IOException {
        Tokenizer tokenizer = tokenizer();
        return ids(split).stream()
                .map(ids -> tokenizer.decode(ids.stream().mapToInt(Integer::intValue).toArray(), true)).toList();
    }
}
