package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.function.UnaryOperator;
import org.ternlm.generate.TokenMask;

/// What an answer has to look like: JSON of a schema, or any JSON object, with fixed text around it where a tool call
/// wants that. Immutable, and safe for several threads.
///
/// ```
/// TokenVocabulary vocabulary = TokenVocabulary.of(tokenizer, config.vocabularySize(), config.eosIds());
/// JsonGrammar grammar = JsonGrammar.of(schema);
/// request = request.withMask(grammar.mask(vocabulary));
/// ```
///
/// An answer that ends by an end token is complete; one that ends earlier (too many tokens) is the beginning of one.
public final class JsonGrammar {
    private static final JsonGrammar OBJECT = of(JsonNodeFactory.instance.objectNode().put("type", "object"));

    private static final int MOST_WALKS = 200;

    private final UnaryOperator<Node> before;
    private final Places start;
    private final Map<TokenVocabulary, Walks> walks = new WeakHashMap<>();

    /// @param before makes the nodes of this grammar in front of a node
    private JsonGrammar(UnaryOperator<Node> before) {
        this.before = before;
        start = Places.start(before.apply(Node.END));
    }

    /// Any JSON object.
    public static JsonGrammar anyObject() {
        return OBJECT;
    }

    /// JSON that a schema (draft 2020-12, the keywords listed in docs/json-schema.md) accepts.
    ///
    /// @throws UnsupportedSchemaException if it holds a keyword that cannot be kept to, is too large or too deep, or
    /// accepts nothing
    public static JsonGrammar of(JsonNode schema) {
        return new JsonGrammar(new GrammarCompiler(new SchemaReader(schema))::root);
    }

    /// What any of `grammars` accepts.
    ///
    /// @throws IllegalArgumentException if there is none
    public static JsonGrammar anyOf(List<JsonGrammar> grammars) {
        if (grammars.isEmpty()) {
            throw new IllegalArgumentException("expected at least one grammar");
        }
        List<JsonGrammar> all = List.copyOf(grammars);
        return new JsonGrammar(following -> new Node.Choice(all.stream()
                .map(grammar -> grammar.before.apply(following)).toArray(Node[]::new)));
    }

    /// This, with fixed text before and after it. The text is spelt by ordinary tokens, also where a special token is
    /// spelt like it.
    public JsonGrammar between(String before, String after) {
        return new JsonGrammar(following -> fixed(before, this.before.apply(fixed(after, following))));
    }

    private static Node fixed(String text, Node following) {
        if (text.isEmpty()) {
            return following;
        }
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw new IllegalArgumentException("expected Unicode text, found half of a surrogate pair");
        }
        return new Node.Read(NamesTerminal.any(List.of(text)), 0, following);
    }

    /// A new mask for one generation.
    ///
    /// @param vocabulary the model's
    public TokenMask mask(TokenVocabulary vocabulary) {
        synchronized (walks) {
            return new JsonMask(vocabulary, walks.computeIfAbsent(vocabulary,
                    key -> new Walks(key.trie(), MOST_WALKS)), start);
        }
    }

    /// Before the first byte.
    Places start() {
        return start;
    }
}
