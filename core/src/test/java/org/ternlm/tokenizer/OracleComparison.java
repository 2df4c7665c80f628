package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/// Compares a tokenizer with the [Oracle] on random texts and random ids.
final class OracleComparison {
    private static final long SEED = 20_261_122;

    private OracleComparison() {}

    static void compare(Path folder, int texts) throws IOException {
        compare(folder, texts, SEED);
    }

    static void compare(Path folder, int texts, long seed) throws IOException {
        Tokenizer tokenizer = Tokenizer.load(folder);
        NastyText nasty = new NastyText(seed);
        try (Oracle oracle = new Oracle(folder)) {
            for (int i = 0; i < texts; i++) {
                String text = nasty.next();
                String about = "%s, seed %d, text %d: %s".formatted(folder, seed, i, escaped(text));
                int[] ids = tokenizer.encode(text, i % 2 == 0);
                assertThat(ids).as(about).isEqualTo(oracle.encode(text, i % 2 == 0));
                compareDecoding(tokenizer, oracle, ids, about);
                compareDecoding(tokenizer, oracle, randomIds(tokenizer, nasty), "%s, seed %d".formatted(folder, seed));
            }
        }
    }

    private static void compareDecoding(Tokenizer tokenizer, Oracle oracle, int[] ids, String about) {
        for (boolean skip : new boolean[] {true, false}) {
            assertThat(escaped(tokenizer.decode(ids, skip)))
                    .as("%s, ids %s, skip %s", about, Arrays.toString(ids), skip)
                    .isEqualTo(escaped(oracle.decode(ids, skip)));
        }
    }

    static int[] randomIds(Tokenizer tokenizer, NastyText nasty) {
        int[] ids = new int[nasty.nextInt(20)];
        // The first ids are single bytes in most vocabularies: there the broken characters come from.
        int bound = nasty.nextInt(2) == 0 ? Math.min(300, tokenizer.vocabularySize()) : tokenizer.vocabularySize();
        Arrays.setAll(ids, _ -> nasty.nextInt(bound));
        return ids;
    }

    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.chars().forEach(c -> escaped.append(c >= ' ' && c < 0x7F ? "" + (char) c : "\\u%04X".formatted(c)));
        return escaped.toString();
    }
}
