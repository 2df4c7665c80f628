package org.ternlm.train.data;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import org.ternlm.format.MappedFile;
import org.ternlm.format.ModelFormatException;

/// A shard, mapped into memory: [ShardFormat] says what is where. Safe to share between threads.
///
/// @param tokens the token ids
/// @param starts where documents start, and the end
/// @param largest ids are below it
record Shard(Path path, MemorySegment tokens, MemorySegment starts, int width, int documents, long tokenCount,
        int largest) {

    /// What a manifest says of a shard.
    record Entry(String file, long documents, long tokens) {}

    /// Maps the shard that `entry` tells of and checks that it is whole.
    ///
    /// @throws ModelFormatException if it is not
    static Shard map(Path folder, Entry entry, int vocabularySize, Arena arena) {
        MappedFile file = MappedFile.map(folder.resolve(entry.file), arena);
        MemorySegment header = file.slice(0, ShardFormat.HEADER, "header");
        int width = ShardFormat.width(vocabularySize);
        require(file.path(), "magic", ShardFormat.MAGIC, header.get(ShardFormat.LONG, 0));
        require(file.path(), "version", ShardFormat.VERSION, header.get(ShardFormat.INT, ShardFormat.VERSION_AT));
        require(file.path(), "bytes of a token", width, header.get(ShardFormat.INT, ShardFormat.WIDTH_AT));
        require(file.path(), "documents", entry.documents, header.get(ShardFormat.LONG, ShardFormat.DOCUMENTS_AT));
        require(file.path(), "tokens", entry.tokens, header.get(ShardFormat.LONG, ShardFormat.TOKENS_AT));
        requirePossible(file, entry, width);
        MemorySegment tokens = file.slice(ShardFormat.HEADER, entry.tokens * width, "tokens");
        long startsAt = ShardFormat.startsAt(entry.tokens, width);
        MemorySegment starts = file.slice(startsAt, (entry.documents + 1) * Long.BYTES, "documents");
        Shard shard = new Shard(file.path(), tokens, starts, width, (int) entry.documents, entry.tokens,
                vocabularySize);
        shard.requireAscending();
        return shard;
    }

    /// Before any product of the two numbers is used.
    private static void requirePossible(MappedFile file, Entry entry, int width) {
        long size = file.bytes().byteSize();
        boolean possible = entry.documents > 0 && entry.documents < Integer.MAX_VALUE && entry.documents <= size
                && entry.tokens >= 0 && entry.tokens <= size;
        require(file.path(), "size", possible ? ShardFormat.size(entry.documents, entry.tokens, width) : -1, size);
    }

    private static void require(Path path, String place, long expected, long found) {
        if (expected != found) {
            throw ModelFormatException.in(path).at(place).expected(String.valueOf(expected)).found(found)
                    .hint("the shard is damaged or of another corpus: prepare the corpus again").problem();
        }
    }

    private void requireAscending() {
        require(path, "start of document 0", 0, start(0));
        for (int i = 0; i < documents; i++) {
            if (start(i) >= start(i + 1)) {
                throw ModelFormatException.in(path).at("start of document " + (i + 1)).expected("more than " + start(i))
                        .found(start(i + 1)).problem();
            }
        }
        require(path, "end of the last document", tokenCount, start(documents));
    }

    /// Where a document starts, in tokens; for the number behind the last, where that ends.
    long start(int document) {
        return starts.get(ShardFormat.LONG, (long) document * Long.BYTES);
    }

    /// Copies `count` tokens from the `from`th on.
    ///
    /// @throws ModelFormatException at an id that the vocabulary does not have
    void copy(long from, int count, int[] into, int at) {
        for (int i = 0; i < count; i++) {
            int id = width == Short.BYTES
                    ? Short.toUnsignedInt(tokens.get(ShardFormat.SHORT, (from + i) * Short.BYTES))
                    : tokens.get(ShardFormat.INT, (from + i) * Integer.BYTES);
            if (id < 0 || id >= largest) {
                throw ModelFormatException.in(path).at("token " + (from + i)).expected("an id below " + largest)
                        .found(id).hint("the shard is damaged: prepare the corpus again").problem();
            }
            into[at + i] = id;
        }
    }
}
