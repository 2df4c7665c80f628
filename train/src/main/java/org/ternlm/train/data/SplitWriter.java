package org.ternlm.train.data;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes the documents of one split, shard after shard, and counts. Not thread-safe.
final class SplitWriter implements Closeable {
    private final Path folder;
    private final String prefix;
    private final int width;
    private final long shardBytes;
    private final long[] documentsOfSource;
    private final List<Shard.Entry> shards = new ArrayList<>();
    private @Nullable ShardWriter current;
    private long documents;
    private long tokens;
    private long bytes;

    /// @param prefix of the shards' names
    /// @param shardBytes how large a shard may be before the next starts
    SplitWriter(Path folder, String prefix, int width, int sources, long shardBytes) {
        this.folder = folder;
        this.prefix = prefix;
        this.width = width;
        this.shardBytes = shardBytes;
        this.documentsOfSource = new long[sources];
    }

    /// Appends a document of the `source`th source; sources come in order.
    ///
    /// @param utf8Bytes how long its text is
    void add(int source, int[] document, long utf8Bytes) throws IOException {
        if (current != null && current.bytes() >= shardBytes) {
            finishShard(current);
        }
        if (current == null) {
            current = new ShardWriter(folder.resolve("%s-%05d%s".formatted(prefix, shards.size(), ShardFormat.ENDING)),
                    width);
        }
        current.add(document);
        documentsOfSource[source]++;
        documents++;
        tokens += document.length;
        bytes += utf8Bytes;
    }

    long documents() {
        return documents;
    }

    CorpusManifest.Split finish() throws IOException {
        if (current != null) {
            finishShard(current);
        }
        return new CorpusManifest.Split(documents, tokens, bytes, documentsOfSource.clone(), List.copyOf(shards));
    }

    @Override
    public void close() throws IOException {
        if (current != null) {
            current.close();
        }
    }

    private void finishShard(ShardWriter shard) throws IOException {
        shards.add(shard.finish());
        current = null;
    }
}
