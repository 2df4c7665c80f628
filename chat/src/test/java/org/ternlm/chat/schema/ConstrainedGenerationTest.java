package org.ternlm.chat.schema;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.ternlm.generate.FinishReason;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// A model that knows nothing but stories is made to write JSON.
class ConstrainedGenerationTest {
    private static final List<String> SCHEMAS = List.of(
            "{\"type\":\"object\",\"properties\":{\"name\":{\"type\":\"string\",\"maxLength\":20},\"age\":{\"type\":"
                    + "\"integer\",\"minimum\":1,\"maximum\":12},\"friends\":{\"type\":\"array\",\"maxItems\":3,\"items\":"
                    + "{\"type\":\"string\",\"maxLength\":8}}},\"required\":[\"name\",\"age\",\"friends\"],"
                    + "\"additionalProperties\":false}",
            "{\"enum\":[\"happy\",\"sad\",\"sleepy\"]}",
            "{\"type\":\"array\",\"minItems\":2,\"maxItems\":4,\"items\":{\"anyOf\":[{\"type\":\"boolean\"},"
                    + "{\"type\":\"string\",\"format\":\"date\"}]}}",
            "{\"$ref\":\"#/$defs/t\",\"$defs\":{\"t\":{\"type\":\"object\",\"properties\":{\"v\":{\"type\":\"string\","
                    + "\"pattern\":\"^[a-z]{1,6}$\"},\"c\":{\"type\":\"array\",\"maxItems\":2,\"items\":{\"$ref\":"
                    + "\"#/$defs/t\"}}},\"required\":[\"v\"],\"additionalProperties\":false}}}");

    private static Sampling sampling(long seed) {
        return seed == 0 ? Sampling.GREEDY : new Sampling(1, 0, 1, 0, 1, 0, 0, Map.of(), seed);
    }

    @Test
    void whatItFinishesIsValid() {
        try (Tern tern = Tern.open(Vocabularies.bundledModel(), 1); Session session = tern.session()) {
            Set<Integer> ends = Set.copyOf(tern.config().eosIds());
            TokenVocabulary vocabulary = TokenVocabulary.of(tern.tokenizer(), tern.config().vocabularySize(), ends);
            int finished = 0;
            for (String schema : SCHEMAS) {
                JsonNode node = Documents.json(schema);
                JsonGrammar grammar = JsonGrammar.of(node);
                for (long seed = 0; seed < 6; seed++) {
                    GenerationRequest request = tern.request("Once upon a time").withMaxTokens(120)
                            .withSampling(sampling(seed)).withMask(grammar.mask(vocabulary));
                    Generation generation = session.generate(request, _ -> {});
                    assertThat(generation.reason()).isIn(FinishReason.STOP, FinishReason.LENGTH);
                    if (generation.reason() == FinishReason.STOP) {
                        finished++;
                        assertThat(Documents.faults(node, generation.text())).as("%s, seed %d", generation.text(), seed)
                                .isEmpty();
                    } else {
                        assertThat(Documents.accepts(grammar, generation.text())).isFalse();
                    }
                }
            }
            assertThat(finished).isGreaterThan(12);
        }
    }

    @Test
    void theModelsOwnEndIsPassedOverOnlyUntilNothingElseIsLeft() {
        try (Tern tern = Tern.open(Vocabularies.bundledModel(), 1); Session session = tern.session()) {
            TokenVocabulary vocabulary = TokenVocabulary.of(tern.tokenizer(), tern.config().vocabularySize(),
                    Set.copyOf(tern.config().eosIds()));
            JsonGrammar grammar = Documents.grammar("{\"const\":true}").between("<tool>", "</tool>");
            Generation generation = session.generate(tern.request("Once").withIgnoreEos(true)
                    .withMask(grammar.mask(vocabulary)), _ -> {});
            assertThat(generation.text()).isEqualTo("<tool>true</tool>");
            assertThat(generation.reason()).isEqualTo(FinishReason.MASK);
        }
    }
}
