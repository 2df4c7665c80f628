package org.ternlm.it.damage;

import static org.ternlm.it.damage.Damage.PACKED;
import static org.ternlm.it.damage.Damage.TOKENIZER;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Consumer;

/// Tokenizers that cannot be, or that belong to another model.
final class TokenizerDamage {
    private TokenizerDamage() {}

    static List<Damage> all() {
        return List.of(
                new Damage("a tokenizer that is cut", PACKED, copy -> copy.cut(TOKENIZER, 20_000), TOKENIZER,
                        "expected JSON, found Unexpected end"),
                new Damage("a tokenizer that is empty", PACKED, copy -> copy.cut(TOKENIZER, 0), TOKENIZER,
                        "expected a JSON object, found nothing"),
                new Damage("a tokenizer ten thousand lists deep", PACKED,
                        copy -> copy.write(TOKENIZER, "{'model': " + "[".repeat(10_000)), TOKENIZER, "nesting depth"),
                of("an unknown tokenizer model", json -> model(json).put("type", "Unigram"),
                        "model.type: expected BPE, found \"Unigram\""),
                of("no vocabulary", json -> model(json).remove("vocab"), "model.vocab: expected an object of pieces"),
                of("more tokens than the model has", json -> vocabulary(json).put("one too many", 1_024),
                        "vocabulary: expected at most the model's 1024 tokens, found 1025"),
                of("an id far away", json -> vocabulary(json).put("far away", 2_147_483_646),
                        "model.vocab: expected ids without large gaps"),
                of("an id beyond 32 bits", json -> vocabulary(json).put("far away", 1L << 32),
                        "model.vocab.far away: expected an integer"),
                of("a negative id", json -> vocabulary(json).put("below", -1),
                        "model.vocab.below: expected an integer"),
                of("one id for two pieces", json -> vocabulary(json).put("again", 300), "expected each id once"),
                of("a merge of nothing, which would go round in circles",
                        json -> merges(json).addArray().add("a").add(""),
                        "expected two pieces, found an empty one, with which merging would not end"),
                of("a merge twice", json -> merges(json).add(merges(json).get(0)), "expected each pair once"),
                of("a merge of an unknown piece", json -> merges(json).addArray().add("a").add("nowhere"),
                        "expected pieces of model.vocab, found nowhere"),
                of("a merge into an unknown piece", json -> merges(json).addArray().add("!").add("?"),
                        "expected pieces of model.vocab, found !?"),
                of("a byte without a piece", json -> {
                    vocabulary(json).remove("\u0120");
                    model(json).putArray("merges");
                }, "model.vocab: expected a piece for every byte, or an unk_token, found no \u0120"),
                of("an unknown step before", json -> json.putObject("pre_tokenizer").put("type", "BertPreTokenizer"),
                        "pre_tokenizer.type"),
                of("an unknown step behind", json -> json.putObject("decoder").put("type", "CTC"), "decoder.type"),
                of("an expression that cannot be read exactly", json -> {
                    ObjectNode split = json.putObject("pre_tokenizer").put("type", "Split").put("behavior", "Isolated");
                    split.putObject("pattern").put("Regex", "(a+)+\\1");
                }, "expected a regular expression that Tern can read exactly"),
                new Damage("a BOS that is no piece", PACKED,
                        copy -> copy.json("tokenizer_config.json", json -> json.put("bos_token", "<start>")),
                        "tokenizer_config.json", "bos_token: expected a piece of the vocabulary, found \"<start>\""));
    }

    private static Damage of(String name, Consumer<ObjectNode> change, String message) {
        return new Damage(name, PACKED, copy -> copy.json(TOKENIZER, change), TOKENIZER, message);
    }

    private static ObjectNode model(ObjectNode json) {
        return (ObjectNode) json.get("model");
    }

    private static ObjectNode vocabulary(ObjectNode json) {
        return (ObjectNode) model(json).get("vocab");
    }

    private static ArrayNode merges(ObjectNode json) {
        return (ArrayNode) model(json).get("merges");
    }
}
