package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ternlm.format.AtomicFile;

/// What [TokenizerTrainer] has learnt: ids 0 to 255 are bytes, in the order of the characters that spell them, then come
/// the learnt pieces, then the special tokens. Immutable.
public final class TrainedTokenizer {
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final String BYTE_LEVEL = "ByteLevel";

    private final TokenizerPlan plan;
    private final List<String> pieces;
    private final List<MergeLearner.Merge> merges;

    TrainedTokenizer(TokenizerPlan plan, List<String> pieces, List<MergeLearner.Merge> merges) {
        this.plan = plan;
        this.pieces = pieces;
        this.merges = merges;
    }

    /// Ids in all.
    public int vocabularySize() {
        return plan.vocabularySize();
    }

    /// The merges in the order of their ranks, each as the two pieces in the byte-level spelling (`Ġt` `he`).
    public List<List<String>> merges() {
        return merges.stream().map(merge -> List.of(pieces.get(merge.left()), pieces.get(merge.right()))).toList();
    }

    /// Writes `tokenizer.json` and `tokenizer_config.json` into `folder`, which is made if it is not there. Each file is
    /// written whole or not at all; `tokenizer.json`, without which there is no tokenizer, is the last.
    public void write(Path folder) throws IOException {
        Files.createDirectories(folder);
        byte[] tokenizer = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(tokenizer());
        byte[] configuration = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(configuration());
        AtomicFile.write(folder.resolve("tokenizer_config.json"), aside -> Files.write(aside, configuration));
        AtomicFile.write(folder.resolve("tokenizer.json"), aside -> Files.write(aside, tokenizer));
    }

    private ObjectNode configuration() {
        return NODES.objectNode().put("tokenizer_class", "PreTrainedTokenizerFast")
                .put("bos_token", plan.bosToken()).put("eos_token", plan.eosToken())
                .put("clean_up_tokenization_spaces", false);
    }

    private ObjectNode tokenizer() {
        ObjectNode root = NODES.objectNode().put("version", "1.0").putNull("truncation").putNull("padding");
        root.set("added_tokens", addedTokens());
        root.putNull("normalizer");
        root.set("pre_tokenizer", preTokenizer());
        root.set("post_processor", postProcessor());
        root.putObject("decoder").put("type", BYTE_LEVEL).put("add_prefix_space", true).put("trim_offsets", true)
                .put("use_regex", true);
        root.set("model", model());
        return root;
    }

    private ArrayNode addedTokens() {
        ArrayNode tokens = NODES.arrayNode();
        int id = pieces.size();
        for (String special : plan.specialTokens()) {
            tokens.addObject().put("id", id++).put("content", special).put("single_word", false).put("lstrip", false)
                    .put("rstrip", false).put("normalized", false).put("special", true);
        }
        return tokens;
    }

    private ObjectNode preTokenizer() {
        ObjectNode sequence = NODES.objectNode().put("type", "Sequence");
        ArrayNode steps = sequence.putArray("pretokenizers");
        ObjectNode split = steps.addObject().put("type", "Split");
        split.putObject("pattern").put("Regex", plan.pattern());
        split.put("behavior", "Isolated").put("invert", false);
        steps.addObject().put("type", BYTE_LEVEL).put("add_prefix_space", false).put("trim_offsets", true)
                .put("use_regex", false);
        return sequence;
    }

    private ObjectNode postProcessor() {
        String bos = plan.bosToken();
        ObjectNode template = NODES.objectNode().put("type", "TemplateProcessing");
        ArrayNode single = template.putArray("single");
        addTo(single, "SpecialToken", bos, 0);
        addTo(single, "Sequence", "A", 0);
        ArrayNode pair = template.putArray("pair");
        addTo(pair, "SpecialToken", bos, 0);
        addTo(pair, "Sequence", "A", 0);
        addTo(pair, "SpecialToken", bos, 1);
        addTo(pair, "Sequence", "B", 1);
        ObjectNode token = template.putObject("special_tokens").putObject(bos).put("id", bos);
        token.putArray("ids").add(pieces.size());
        token.putArray("tokens").add(bos);
        return template;
    }

    private static void addTo(ArrayNode template, String kind, String id, int type) {
        template.addObject().putObject(kind).put("id", id).put("type_id", type);
    }

    private ObjectNode model() {
        ObjectNode model = NODES.objectNode().put("type", "BPE").putNull("dropout").putNull("unk_token")
                .putNull("continuing_subword_prefix").putNull("end_of_word_suffix").put("fuse_unk", false)
                .put("byte_fallback", false).put("ignore_merges", false);
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < pieces.size(); id++) {
            vocabulary.put(pieces.get(id), id);
        }
        ArrayNode list = model.putArray("merges");
        merges().forEach(merge -> list.addArray().add(merge.getFirst()).add(merge.getLast()));
        return model;
    }
}
