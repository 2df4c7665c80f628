package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.ModelFormatException;

/// Writes a tokenizer that came out of a GGUF file as the `tokenizer.json` and `tokenizer_config.json` of a Hugging Face
/// folder.
///
/// SentencePiece's scores become merges in the order of the scores. What has been written is read again, and refused
/// unless it does with every text what the tokenizer does ([TokenizerComparison]).
public final class TokenizerJsonWriter {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String MARK = "▁";

    private final Tokenizer tokenizer;
    private final boolean byteLevel;

    private TokenizerJsonWriter(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
        byteLevel = tokenizer.preTokenizers().stream().anyMatch(PreTokenizer.SpellBytes.class::isInstance);
    }

    /// Writes the two files into `folder`, which is there.
    ///
    /// @param file where the tokenizer comes from, for messages
    /// @param chatTemplate goes into the configuration
    /// @throws ModelFormatException if the files would not do what the tokenizer does
    /// @throws IOException if they cannot be written
    public static void write(Tokenizer tokenizer, Path file, Optional<String> chatTemplate, Path folder)
            throws IOException {
        TokenizerJsonWriter writer = new TokenizerJsonWriter(tokenizer);
        byte[] configuration = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(writer.configuration(
                chatTemplate));
        byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(writer.tokenizer(file));
        AtomicFile.write(folder.resolve("tokenizer_config.json"), aside -> Files.write(aside, configuration));
        AtomicFile.write(folder.resolve("tokenizer.json"), aside -> Files.write(aside, json));
        Optional<String> difference = TokenizerComparison.difference(tokenizer, Tokenizer.load(folder));
        if (difference.isPresent()) {
            throw refused(file, difference.get());
        }
    }

    private static ModelFormatException refused(Path file, String found) {
        return ModelFormatException.in(file).at("tokenizer").expected("one that tokenizer.json can express")
                .found(found).problem();
    }

    private ObjectNode configuration(Optional<String> chatTemplate) {
        ObjectNode configuration = NODES.objectNode().put("tokenizer_class", "PreTrainedTokenizerFast");
        tokenizer.bosId().ifPresent(id -> configuration.put("bos_token", tokenizer.piece(id)));
        tokenizer.eosId().ifPresent(id -> configuration.put("eos_token", tokenizer.piece(id)));
        if (tokenizer.model().unknownToken() >= 0) {
            configuration.put("unk_token", tokenizer.piece(tokenizer.model().unknownToken()));
        }
        chatTemplate.ifPresent(template -> configuration.put("chat_template", template));
        return configuration.put("clean_up_tokenization_spaces", false);
    }

    private ObjectNode tokenizer(Path file) {
        ObjectNode root = NODES.objectNode().put("version", "1.0").putNull("truncation").putNull("padding");
        root.set("added_tokens", addedTokens());
        root.set("normalizer", byteLevel ? NODES.nullNode() : normalizer());
        root.set("pre_tokenizer", byteLevel ? preTokenizer(file) : NODES.nullNode());
        root.set("post_processor", postProcessor());
        root.set("decoder", byteLevel ? byteLevel() : decoder());
        root.set("model", model());
        return root;
    }

    private ArrayNode addedTokens() {
        ArrayNode tokens = NODES.arrayNode();
        List<AddedToken> sorted = tokenizer.addedTokens().tokens().stream()
                .sorted(Comparator.comparingInt(AddedToken::id)).toList();
        for (AddedToken token : sorted) {
            tokens.addObject().put("id", token.id()).put("content", token.content())
                    .put("single_word", token.singleWord()).put("lstrip", token.takesLeft())
                    .put("rstrip", token.takesRight()).put("normalized", token.normalized())
                    .put("special", token.special());
        }
        return tokens;
    }

    private boolean hasPrefix() {
        return tokenizer.addedTokens().normalizer().plain() instanceof Normalizer.Sequence sequence
                && sequence.steps().stream().anyMatch(Normalizer.Prepend.class::isInstance);
    }

    private ObjectNode normalizer() {
        ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("normalizers");
        if (hasPrefix()) {
            steps.addObject().put("type", "Prepend").put("prepend", MARK);
        }
        steps.add(replace(" ", MARK));
        return sequence;
    }

    private static ObjectNode replace(String text, String content) {
        ObjectNode replace = NODES.objectNode().put("type", "Replace");
        replace.putObject("pattern").put("String", text);
        return replace.put("content", content);
    }

    private ObjectNode preTokenizer(Path file) {
        GgufPreTokenizer pre = GgufPreTokenizer.doing(tokenizer.preTokenizers(), tokenizer.model().wholePieces())
                .orElseThrow(() -> refused(file, "expressions that are not known"));
        ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        for (String expression : pre.expressions()) {
            ObjectNode split = steps.addObject().put("type", "Split");
            split.putObject("pattern").put("Regex", expression);
            split.put("behavior", "Isolated").put("invert", false);
        }
        steps.add(byteLevel().put("add_prefix_space", false).put("use_regex", false));
        return sequence;
    }

    private static ObjectNode byteLevel() {
        return NODES.objectNode().put("type", "ByteLevel").put("add_prefix_space", true).put("trim_offsets", true)
                .put("use_regex", true);
    }

    private ObjectNode postProcessor() {
        ObjectNode processor = NODES.objectNode().put("type", "TemplateProcessing");
        ObjectNode tokens = NODES.objectNode();
        ArrayNode single = processor.putArray("single");
        addTo(single, tokenizer.template().before(), tokens, 0);
        addText(single, "A", 0);
        addTo(single, tokenizer.template().after(), tokens, 0);
        ArrayNode pair = processor.putArray("pair");
        for (int type = 0; type < 2; type++) {
            addTo(pair, tokenizer.template().before(), tokens, type);
            addText(pair, type == 0 ? "A" : "B", type);
            addTo(pair, tokenizer.template().after(), tokens, type);
        }
        processor.set("special_tokens", tokens);
        return processor;
    }

    private static void addText(ArrayNode template, String name, int type) {
        template.addObject().putObject("Sequence").put("id", name).put("type_id", type);
    }

    private void addTo(ArrayNode template, int[] ids, ObjectNode tokens, int type) {
        for (int id : ids) {
            String piece = tokenizer.piece(id);
            template.addObject().putObject("SpecialToken").put("id", piece).put("type_id", type);
            ObjectNode token = tokens.putObject(piece).put("id", piece);
            token.putArray("ids").add(id);
            token.putArray("tokens").add(piece);
        }
    }

    private ObjectNode decoder() {
        ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("decoders");
        steps.add(replace(MARK, " "));
        steps.addObject().put("type", "ByteFallback");
        steps.addObject().put("type", "Fuse");
        if (hasPrefix()) {
            steps.addObject().put("type", "Strip").put("content", " ").put("start", 1).put("stop", 0);
        }
        return sequence;
    }

    private ObjectNode model() {
        BytePairModel bytePairs = tokenizer.model();
        ObjectNode model = NODES.objectNode().put("type", "BPE").putNull("dropout");
        model.put("unk_token", bytePairs.unknownToken() < 0 ? null : tokenizer.piece(bytePairs.unknownToken()));
        model.putNull("continuing_subword_prefix").putNull("end_of_word_suffix")
                .put("fuse_unk", bytePairs.fuseUnknown()).put("byte_fallback", bytePairs.byteTokens().length > 0)
                .put("ignore_merges", bytePairs.wholePieces());
        ObjectNode pieces = model.putObject("vocab");
        Vocabulary vocabulary = tokenizer.vocabulary();
        for (int id = 0; id < vocabulary.size(); id++) {
            // Of byte-level vocabularies, added tokens are no part; of SentencePiece's they are.
            if (vocabulary.has(id) && !(byteLevel && vocabulary.isAddedOnly(id))) {
                pieces.put(tokenizer.piece(id), id);
            }
        }
        ArrayNode merges = model.putArray("merges");
        for (MergeTable.Merge merge : bytePairs.merges().sorted()) {
            merges.addArray().add(tokenizer.piece(merge.left())).add(tokenizer.piece(merge.right()));
        }
        return model;
    }
}
