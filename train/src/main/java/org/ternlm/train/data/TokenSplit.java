package org.ternlm.train.data;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.ternlm.format.ModelFormatException;

/// The tokenised documents of one split, numbered from 0 in the order of the sources. Safe to share between threads.
public final class TokenSplit {
    private final List<Shard> shards;
    /// The first document of each shard, then of each source, with the end behind them.
    private final int[] firstOfShard;
    private final int[] firstOfSource;
    private final int[] repeats;
    private final int documents;
    private final long tokens;
    private final long bytes;

    private TokenSplit(List<Shard> shards, int[] firstOfShard, int[] firstOfSource, int[] repeats,
            CorpusManifest.Split split) {
        this.shards = List.copyOf(shards);
        this.firstOfShard = firstOfShard;
        this.firstOfSource = firstOfSource;
        this.repeats = repeats;
        this.documents = Math.toIntExact(split.documents());
        this.tokens = split.tokens();
        this.bytes = split.bytes();
    }

    /// @param repeats by source; empty for once each
    static TokenSplit map(Path folder, CorpusManifest.Split split, int[] repeats, int vocabularySize, Arena arena) {
        List<Shard> shards = new ArrayList<>();
        long tokens = 0;
        for (Shard.Entry entry : split.shards()) {
            shards.add(Shard.map(folder, entry, vocabularySize, arena));
            tokens += entry.tokens();
        }
        int sources = split.documentsOfSource().length;
        long[] ofShards = split.shards().stream().mapToLong(Shard.Entry::documents).toArray();
        if (tokens != split.tokens() || Arrays.stream(ofShards).sum() != split.documents()
                || Arrays.stream(split.documentsOfSource()).sum() != split.documents()
                || Arrays.stream(split.documentsOfSource()).anyMatch(count -> count < 0)
                || split.documents() > Integer.MAX_VALUE - 1 || repeats.length > 0 && repeats.length != sources) {
            throw ModelFormatException.in(folder.resolve(CorpusManifest.FILE)).at("splits")
                    .expected("documents and tokens that add up").found("others").hint("prepare the corpus again")
                    .problem();
        }
        int[] ofSources = repeats.length > 0 ? repeats.clone() : new int[sources];
        if (repeats.length == 0) {
            Arrays.fill(ofSources, 1);
        }
        return new TokenSplit(shards, ends(ofShards), ends(split.documentsOfSource()), ofSources, split);
    }

    private static int[] ends(long[] counts) {
        int[] ends = new int[counts.length + 1];
        for (int i = 0; i < counts.length; i++) {
            ends[i + 1] = Math.toIntExact(ends[i] + counts[i]);
        }
        return ends;
    }

    /// How many documents there are.
    public int documents() {
        return documents;
    }

    /// Tokens of all documents, the marks around them included, each document once.
    public long tokens() {
        return tokens;
    }

    /// Bytes of all documents' texts in UTF-8, each document once.
    public long bytes() {
        return bytes;
    }

    /// Bytes of text for each token, marks included. With a mean loss in nats over all tokens, bits per byte are
    /// loss / (ln 2 · bytesPerToken); [TokenBatches#bytesPerTarget] is right for every kind of window.
    public double bytesPerToken() {
        return (double) bytes / tokens;
    }

    /// How many tokens a document has.
    ///
    /// @throws IndexOutOfBoundsException if there is no such document
    public int length(int document) {
        int shard = shard(document);
        int local = document - firstOfShard[shard];
        return Math.toIntExact(shards.get(shard).start(local + 1) - shards.get(shard).start(local));
    }

    /// Copies `count` tokens of a document, from its `from`th on, to `into` from `at` on.
    ///
    /// @throws IndexOutOfBoundsException if they are not all there
    /// @throws ModelFormatException if an id is outside the vocabulary
    public void copy(int document, int from, int count, int[] into, int at) {
        int shard = shard(document);
        long start = shards.get(shard).start(document - firstOfShard[shard]);
        Objects.checkFromIndexSize(from, count, length(document));
        shards.get(shard).copy(start + from, count, into, at);
    }

    /// The documents of an epoch in the order of the sources, each as often as its source is repeated.
    int[] epoch() {
        long size = 0;
        for (int source = 0; source < repeats.length; source++) {
            size += (long) repeats[source] * (firstOfSource[source + 1] - firstOfSource[source]);
        }
        int[] epoch = new int[Math.toIntExact(size)];
        int at = 0;
        for (int source = 0; source < repeats.length; source++) {
            for (int document = firstOfSource[source]; document < firstOfSource[source + 1]; document++) {
                Arrays.fill(epoch, at, at + repeats[source], document);
                at += repeats[source];
            }
        }
        return epoch;
    }

    /// How often the documents appear in an epoch that appear most often.
    int mostRepeats() {
        int most = 1;
        for (int source = 0; source < repeats.length; source++) {
            most = firstOfSource[source + 1] > firstOfSource[source] ? Math.max(most, repeats[source]) : most;
        }
        return most;
    }

    private int shard(int document) {
        Objects.checkIndex(document, documents);
        int found = Arrays.binarySearch(firstOfShard, document);
        return found >= 0 ? found : -found - 2;
    }
}
