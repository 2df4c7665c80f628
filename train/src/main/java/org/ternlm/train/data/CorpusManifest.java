package org.ternlm.train.data;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.JsonFile;
import org.ternlm.format.ModelFormatException;

/// `corpus.json`: what a prepared corpus was made of, and its shards. It is written last, so whoever finds it finds all.
///
/// @param identity everything that decides what the shards hold
record CorpusManifest(CorpusIdentity identity, Split training, Split validation) {
    static final String FILE = "corpus.json";
    private static final String FORMAT = "tern-corpus";
    private static final int VERSION = 1;
    private static final long LARGEST = 1L << 30;
    private static final JsonMapper JSON = JsonMapper.builder().build();

    /// One of the two splits.
    ///
    /// @param bytes of the documents' texts in UTF-8
    /// @param documentsOfSource documents by source, in whose order they lie
    record Split(long documents, long tokens, long bytes, long[] documentsOfSource, List<Shard.Entry> shards) {}

    void write(Path folder) throws IOException {
        ObjectNode root = JsonNodeFactory.instance.objectNode().put("format", FORMAT).put("version", VERSION)
                .put("fingerprint", identity.fingerprint());
        root.set("identity", identity.json());
        ObjectNode splits = root.putObject("splits");
        splits.set("training", json(training));
        splits.set("validation", json(validation));
        byte[] bytes = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(root);
        AtomicFile.write(folder.resolve(FILE), aside -> Files.write(aside, bytes));
    }

    private static ObjectNode json(Split split) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("documents", split.documents)
                .put("tokens", split.tokens).put("bytes", split.bytes);
        ArrayNode ofSource = node.putArray("documents_of_source");
        for (long documents : split.documentsOfSource) {
            ofSource.add(documents);
        }
        ArrayNode shards = node.putArray("shards");
        for (Shard.Entry shard : split.shards) {
            shards.addObject().put("file", shard.file()).put("documents", shard.documents()).put("tokens",
                    shard.tokens());
        }
        return node;
    }

    /// @throws ModelFormatException if there is no manifest in `folder`, or it is damaged or of another version
    static CorpusManifest read(Path folder) {
        Path file = folder.resolve(FILE);
        ObjectNode root = JsonFile.read(file, LARGEST);
        require(file, "format", root.path("format").asText().equals(FORMAT), FORMAT, root.path("format"));
        require(file, "version", root.path("version").asInt() == VERSION, String.valueOf(VERSION),
                root.path("version"));
        JsonNode identity = root.path("identity");
        if (!(identity instanceof ObjectNode object)) {
            throw ModelFormatException.in(file).at("identity").expected("an object").found(identity.getNodeType())
                    .problem();
        }
        CorpusIdentity read = new CorpusIdentity(object);
        require(file, "fingerprint", root.path("fingerprint").asText().equals(read.fingerprint()), read.fingerprint(),
                root.path("fingerprint"));
        return new CorpusManifest(read, split(file, root, "training"), split(file, root, "validation"));
    }

    private static Split split(Path file, ObjectNode root, String name) {
        JsonNode node = root.path("splits").path(name);
        List<Shard.Entry> shards = new ArrayList<>();
        for (JsonNode shard : node.path("shards")) {
            String shardFile = shard.path("file").asText();
            boolean inFolder = ShardNames.isShard(shardFile);
            require(file, name + ".shards", inFolder, "names of shards", shard.path("file"));
            shards.add(new Shard.Entry(shardFile, count(file, shard, "documents"), count(file, shard, "tokens")));
        }
        JsonNode ofSource = node.path("documents_of_source");
        long[] documentsOfSource = new long[ofSource.size()];
        for (int i = 0; i < documentsOfSource.length; i++) {
            documentsOfSource[i] = ofSource.path(i).asLong(-1);
        }
        return new Split(count(file, node, "documents"), count(file, node, "tokens"), count(file, node, "bytes"),
                documentsOfSource, List.copyOf(shards));
    }

    private static long count(Path file, JsonNode node, String key) {
        JsonNode count = node.path(key);
        require(file, key, count.canConvertToLong() && count.asLong() >= 0, "a count", count);
        return count.asLong();
    }

    private static void require(Path file, String place, boolean holds, String expected, JsonNode found) {
        if (!holds) {
            throw ModelFormatException.in(file).at(place).expected(expected).found(found)
                    .hint("prepare the corpus again").problem();
        }
    }
}
