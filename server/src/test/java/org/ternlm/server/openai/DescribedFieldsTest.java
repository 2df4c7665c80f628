package org.ternlm.server.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The description names the fields that requests may have, all of them and no others.
class DescribedFieldsTest {
    private static Set<String> described(String schema) throws IOException {
        JsonNode description = new ObjectMapper().readTree(DescribedFieldsTest.class.getResource(
                "/org/ternlm/server/openapi.json"));
        Set<String> names = new HashSet<>();
        description.at("/components/schemas/" + schema + "/properties").fieldNames().forEachRemaining(names::add);
        return names;
    }

    private static Set<String> withHarmless(Set<String> names) {
        Set<String> all = new HashSet<>(names);
        all.addAll(GenerationFields.HARMLESS);
        return all;
    }

    @Test
    void ofCompletions() throws IOException {
        assertThat(described("CompletionRequest")).isEqualTo(withHarmless(CompletionRequest.NAMES));
    }

    @Test
    void ofChats() throws IOException {
        assertThat(described("ChatRequest")).isEqualTo(withHarmless(ChatRequest.NAMES));
    }
}
