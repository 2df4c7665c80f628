package org.ternlm.chat.schema;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// How long a mask takes with 128,000 tokens. The bounds are far above what is usual: other work may be going on.
@Tag("soak")
class MaskTimeTest {
    private static final int SIZE = 128_000;
    private static final TokenVocabulary VOCABULARY = TokenVocabulary.of(Vocabularies.synthetic(SIZE, 7), Set.of());
    private static final String SCHEMA = """
            {"type":"object","additionalProperties":false,"required":["name","kind","tags","at"],"properties":{
             "name":{"type":"string"},"kind":{"enum":["first","second","third"]},
             "size":{"type":"number","minimum":0,"maximum":99.5},
             "tags":{"type":"array","items":{"type":"string","maxLength":30}},
             "at":{"type":"string","format":"date-time"},
             "more":{"anyOf":[{"$ref":"#"},{"type":"null"}]}}}""";
    private static final String DOCUMENT = "{\"name\": \"A plain name, of some length\", \"kind\": \"second\", \"size\": 12.75,"
            + " \"tags\": [\"one\", \"two\", \"a longer one\"], \"at\": \"2024-02-29T12:34:56Z\", \"more\": {\"name\": \"x\","
            + " \"kind\": \"third\", \"tags\": [], \"at\": \"2025-01-01T00:00:00+01:00\", \"more\": null}}";
    private static final String FREE = "{\"name\": \"A plain name\", \"list\": [1, 2.5, {\"a\": null, \"b\": true}], \"c\": {}}";

    /// Microseconds of each mask, token by token of one byte, with a vocabulary that has seen the schema or not.
    private static double[] times(JsonGrammar grammar, String document, TokenVocabulary vocabulary) {
        byte[] bytes = document.getBytes(StandardCharsets.UTF_8);
        double[] times = new double[bytes.length];
        JsonMask mask = (JsonMask) grammar.mask(vocabulary);
        for (int i = 0; i < bytes.length; i++) {
            BitSet allowed = new BitSet(SIZE);
            long start = System.nanoTime();
            mask.allow(allowed);
            times[i] = (System.nanoTime() - start) / 1e3;
            assertThat(allowed.get(bytes[i] & 0xFF)).isTrue();
            mask.accept(bytes[i] & 0xFF);
        }
        assertThat(mask.isComplete()).isTrue();
        return times;
    }

    /// The median of 15 times for each place: other programs run too.
    private static double[] usual(Supplier<double[]> measurement) {
        double[][] all = new double[15][];
        Arrays.setAll(all, _ -> measurement.get());
        double[] median = new double[all[0].length];
        for (int i = 0; i < median.length; i++) {
            int place = i;
            median[i] = Arrays.stream(all).mapToDouble(times -> times[place]).sorted().toArray()[all.length / 2];
        }
        return median;
    }

    private static String summary(double[] times) {
        double[] sorted = times.clone();
        Arrays.sort(sorted);
        return "median %.0f, 90 %% %.0f, mean %.0f, most %.0f µs".formatted(sorted[sorted.length / 2],
                sorted[sorted.length * 9 / 10], Arrays.stream(sorted).average().orElseThrow(),
                sorted[sorted.length - 1]);
    }

    @Test
    void masksTakeLessThanAModelsStep() {
        List<byte @Nullable []> tokens = Vocabularies.synthetic(SIZE, 7);
        long start = System.nanoTime();
        TokenVocabulary fresh = TokenVocabulary.of(tokens, Set.of());
        System.out.printf("vocabulary: %.0f ms%n", (System.nanoTime() - start) / 1e6);
        for (int i = 0; i < 20; i++) {
            times(Documents.grammar(SCHEMA), DOCUMENT, VOCABULARY);
            times(JsonGrammar.anyObject(), FREE, VOCABULARY);
        }
        JsonGrammar grammar = Documents.grammar(SCHEMA);
        System.out.println("schema, new vocabulary:   " + summary(times(grammar, DOCUMENT, fresh)));
        System.out.println("schema, new grammar:      "
                + summary(usual(() -> times(Documents.grammar(SCHEMA), DOCUMENT, VOCABULARY))));
        double[] again = usual(() -> times(grammar, DOCUMENT, VOCABULARY));
        System.out.println("schema, seen before:      " + summary(again));
        double[] free = usual(() -> times(JsonGrammar.anyObject(), FREE, VOCABULARY));
        System.out.println("any object, seen before:  " + summary(free));
        assertThat(Arrays.stream(again).average().orElseThrow()).isLessThan(5000);
        assertThat(Arrays.stream(free).average().orElseThrow()).isLessThan(5000);
    }
}
