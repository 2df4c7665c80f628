package org.ternlm.chat.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.ternlm.tokenizer.Tokenizer;

/// Masks against each token tried alone, and walks of random tokens against a schema library.
class JsonMaskTest {
    private static final int END = 256;

    /// What the mask must say, from the definition: the tokens after which more can come or the text may end.
    private static BitSet bruteForce(TokenVocabulary vocabulary, int size, Places places) {
        BitSet allowed = new BitSet();
        for (int token = 0; token < size; token++) {
            byte[] bytes = vocabulary.bytes(token);
            Places next = bytes == null ? new Places(List.of(), false) : places;
            for (int i = 0; bytes != null && i < bytes.length && !next.isEmpty(); i++) {
                next = next.step(bytes[i] & 0xFF);
            }
            allowed.set(token, !next.isEmpty());
        }
        if (places.complete()) {
            vocabulary.ends().forEach(allowed::set);
        }
        return allowed;
    }

    private static int pick(BitSet allowed, Random random) {
        int skipped = random.nextInt(allowed.cardinality());
        int token = allowed.nextSetBit(0);
        for (int i = 0; i < skipped; i++) {
            token = allowed.nextSetBit(token + 1);
        }
        return token;
    }

    private static BitSet allowed(JsonMask mask) {
        BitSet allowed = new BitSet();
        mask.allow(allowed);
        return allowed;
    }

    private static List<byte @Nullable []> small() {
        List<byte @Nullable []> tokens = Vocabularies.synthetic(3000, 1);
        tokens.set(END, "</s>".getBytes(StandardCharsets.UTF_8));
        tokens.add(null);
        tokens.add(new byte[0]);
        for (String text : List.of("{\"a\":1,\"b\":", "[[[[", "]]]]", "\"a\",\"a\"", "\"a\":1,\"a\":1", "}}",
                "\\ud83d\\ude00",
                "\":{\"", "null,", "-1", "12", "\",\"ab\":\"", "\n        \"", "    ", "{\"a\":null,\"a\":null", "a")) {
            tokens.add(text.getBytes(StandardCharsets.UTF_8));
        }
        return tokens;
    }

    @Test
    void itAllowsExactlyTheTokensThatCanBeContinued() {
        List<byte @Nullable []> tokens = small();
        TokenVocabulary vocabulary = TokenVocabulary.of(tokens, Set.of(END));
        for (int seed = 0; seed < 60; seed++) {
            JsonGrammar grammar = seed == 0 ? JsonGrammar.anyObject() : JsonGrammar.of(RandomSchema.of(seed).schema());
            Random random = new Random(seed);
            JsonMask mask = (JsonMask) grammar.mask(vocabulary);
            Places places = grammar.start();
            for (int i = 0; i < 25; i++) {
                BitSet allowed = allowed(mask);
                assertThat(allowed).as("seed %d step %d", seed, i)
                        .isEqualTo(bruteForce(vocabulary, tokens.size(), places));
                int token = pick(allowed, random);
                mask.accept(token);
                if (token == END) {
                    break;
                }
                byte[] bytes = tokens.get(token);
                for (int j = 0; bytes != null && j < bytes.length; j++) {
                    places = places.step(bytes[j] & 0xFF);
                }
            }
        }
    }

    @Test
    void namesNeverComeTwiceEvenWithinOneToken() {
        TokenVocabulary vocabulary = TokenVocabulary.of(List.of(bytes("{\"a\":1,\"a\":1"), bytes("{\"a\":1,\"b\":1"),
                bytes("{\"a\":1,\""), bytes("a"), bytes("a\""), bytes("\\u0061\":1"), bytes("aa\":1")), Set.of());
        JsonMask mask = (JsonMask) JsonGrammar.anyObject().mask(vocabulary);
        assertThat(allowed(mask)).isEqualTo(set(1, 2));
        mask.accept(2);
        assertThat(allowed(mask)).isEqualTo(set(3, 6));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static BitSet set(int... bits) {
        BitSet set = new BitSet();
        for (int bit : bits) {
            set.set(bit);
        }
        return set;
    }

    @Test
    void itEndsOnlyWhereTheJsonIsCompleteAndThenAllowsNothing() {
        TokenVocabulary vocabulary = TokenVocabulary.of(List.of(bytes("1"), bytes("2"), bytes(","), bytes("</s>")),
                Set.of(3, 9));
        JsonMask mask = (JsonMask) Documents.grammar("{\"type\":\"integer\",\"maximum\":20}").mask(vocabulary);
        assertThat(allowed(mask)).isEqualTo(set(0, 1));
        assertThatThrownBy(() -> mask.accept(3)).isInstanceOf(IllegalArgumentException.class);
        mask.accept(0);
        assertThat(allowed(mask)).isEqualTo(set(0, 1, 3, 9));
        assertThatThrownBy(() -> mask.accept(2)).hasMessageContaining("token 2 was not allowed");
        mask.accept(1);
        assertThat(allowed(mask)).isEqualTo(set(3, 9));
        mask.accept(9);
        assertThat(allowed(mask)).isEqualTo(set());
    }

    @Test
    void specialTokensAreNeverPartOfTheJson() {
        Tokenizer tokenizer = Vocabularies.phi3();
        int size = tokenizer.vocabularySize();
        TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer, size + 10, Set.of());
        JsonMask mask = (JsonMask) Documents.grammar("{\"type\":\"string\"}").mask(vocabulary);
        mask.accept(tokenizer.id("\"").orElseThrow());
        BitSet allowed = allowed(mask);
        assertThat(allowed.length()).isLessThanOrEqualTo(size);
        assertThat(allowed.cardinality()).isGreaterThan(size * 9 / 10);
        for (int token = 0; token < size; token++) {
            if (tokenizer.isSpecial(token)) {
                assertThat(allowed.get(token)).as(tokenizer.piece(token)).isFalse();
            }
        }
        assertThat(allowed.get(tokenizer.id("<0xC3>").orElseThrow())).isTrue();
        assertThat(allowed.get(tokenizer.id("<0x80>").orElseThrow())).isFalse();
        assertThat(allowed.get(tokenizer.id("▁the").orElseThrow())).isTrue();
    }

    @Test
    void walksOfRandomTokensEndInValidDocuments() {
        walk(Vocabularies.stories(), 0, 400);
        walk(Vocabularies.phi3(), 400, 500);
        walk(Vocabularies.byteLevel(), 500, 700);
    }

    /// Chooses the end as soon as it is allowed and, to come there, ever more often one of the tokens that close.
    private static void walk(Tokenizer tokenizer, int from, int to) {
        int end = tokenizer.eosId().orElseThrow();
        TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer, tokenizer.vocabularySize(), Set.of(end));
        int finished = 0;
        for (int seed = from; seed < to; seed++) {
            JsonNode schema = RandomSchema.of(seed).schema();
            JsonGrammar grammar = JsonGrammar.of(schema);
            Random random = new Random(seed);
            JsonMask mask = (JsonMask) grammar.mask(vocabulary);
            List<Integer> tokens = new ArrayList<>();
            BitSet allowed = allowed(mask);
            while (!allowed.get(end) && tokens.size() < 400) {
                assertThat(allowed.isEmpty()).as("seed %d after %s: %s", seed, tokens, schema).isFalse();
                int token = choose(allowed, vocabulary, random, tokens.size());
                tokens.add(token);
                mask.accept(token);
                allowed = allowed(mask);
            }
            if (allowed.get(end)) {
                finished++;
                String text = decode(tokenizer, tokens);
                assertThat(Documents.faults(schema, text)).as("seed %d: %s for %s", seed, text, schema).isEmpty();
                Documents.json(text);
            }
        }
        assertThat(finished).isGreaterThan((to - from) / 2);
    }

    /// The text of `tokens` behind other text, so that a leading blank stays.
    private static String decode(Tokenizer tokenizer, List<Integer> tokens) {
        int[] before = tokenizer.encode("Once", false);
        int[] all = Arrays.copyOf(before, before.length + tokens.size());
        for (int i = 0; i < tokens.size(); i++) {
            all[before.length + i] = tokens.get(i);
        }
        return tokenizer.decode(all, true).substring(tokenizer.decode(before, true).length());
    }

    private static int choose(BitSet allowed, TokenVocabulary vocabulary, Random random, int length) {
        if (random.nextInt(100) < 10 + 2 * length) {
            for (String closing : List.of("}", "]", "\"")) {
                for (int token = allowed.nextSetBit(0); token >= 0; token = allowed.nextSetBit(token + 1)) {
                    byte[] bytes = vocabulary.bytes(token);
                    if (bytes != null && bytes.length == 1 && bytes[0] == closing.charAt(0)) {
                        return token;
                    }
                }
            }
        }
        return pick(allowed, random);
    }

    @Test
    void documentsMadeForASchemaAreAccepted() throws Exception {
        for (int seed = 0; seed < 1500; seed++) {
            RandomSchema.Pair pair = RandomSchema.of(seed);
            String text = Documents.JSON.writeValueAsString(pair.value());
            assertThat(Documents.faults(pair.schema(), text)).as("seed %d: %s for %s", seed, text, pair.schema())
                    .isEmpty();
            assertThat(Documents.accepts(JsonGrammar.of(pair.schema()), text))
                    .as("seed %d: %s for %s", seed, text, pair.schema()).isTrue();
        }
    }

    /// What is accepted of documents with one byte changed, taken out or doubled is as valid as they were.
    @Test
    void documentsThatAreAlmostRightAreAcceptedOnlyIfTheyAreRight() throws Exception {
        int accepted = 0;
        for (int seed = 0; seed < 1000; seed++) {
            RandomSchema.Pair pair = RandomSchema.of(seed);
            JsonGrammar grammar = JsonGrammar.of(pair.schema());
            byte[] document = Documents.JSON.writeValueAsBytes(pair.value());
            Random random = new Random(seed);
            for (int i = 0; i < 40; i++) {
                byte[] changed = changed(document, random);
                if (Documents.accepts(grammar, changed)) {
                    accepted++;
                    String text = new String(changed, StandardCharsets.UTF_8);
                    assertThat(text.getBytes(StandardCharsets.UTF_8)).isEqualTo(changed);
                    Documents.json(text);
                    assertThat(Documents.faults(pair.schema(), text))
                            .as("seed %d: %s for %s", seed, text, pair.schema())
                            .isEmpty();
                }
            }
        }
        assertThat(accepted).isGreaterThan(2000);
    }

    private static byte[] changed(byte[] document, Random random) {
        int at = random.nextInt(document.length);
        byte[] changed = switch (random.nextInt(3)) {
            case 0 -> document.clone();
            case 1 -> Arrays.copyOf(document, document.length - 1);
            default -> Arrays.copyOf(document, document.length + 1);
        };
        int kept = Math.min(at, changed.length);
        int length = Math.min(document.length - at, changed.length - kept);
        System.arraycopy(document, document.length - length, changed, changed.length - length, length);
        if (changed.length == document.length) {
            String bytes = "0123456789aeZ\\\"{}[],:. \u00e4-";
            changed[at] = (byte) bytes.charAt(random.nextInt(bytes.length()));
        }
        return changed;
    }
}
