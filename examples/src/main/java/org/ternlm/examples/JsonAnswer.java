package org.ternlm.examples;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.nio.file.Path;
import org.ternlm.chat.schema.JsonGrammar;
import org.ternlm.chat.schema.TokenVocabulary;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// Asks for JSON of a schema: whatever the model would rather say, it keeps to it.
public final class JsonAnswer {
    private static final String SCHEMA = """
            {"type": "object", "required": ["name", "colour"], "additionalProperties": false, "properties": {
                "name": {"type": "string", "maxLength": 20},
                "colour": {"enum": ["red", "green", "blue"]}}}""";

    private JsonAnswer() {}

    /// @param args the model's folder or GGUF file, and a text before the JSON
    public static void main(String[] args) throws JsonProcessingException {
        JsonGrammar grammar = JsonGrammar.of(new JsonMapper().readTree(SCHEMA));
        try (Tern tern = Tern.open(Path.of(args[0])); Session session = tern.session()) {
            TokenVocabulary vocabulary = TokenVocabulary.of(tern.tokenizer(), tern.config().vocabularySize(),
                    tern.config().eosIds());
            GenerationRequest request = tern.request(args[1]).withMaxTokens(80).withMask(grammar.mask(vocabulary));
            System.out.println(session.generate(request).text());
        }
    }
}
