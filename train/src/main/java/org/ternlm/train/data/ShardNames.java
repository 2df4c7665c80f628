package org.ternlm.train.data;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// How shards are called: `training-<start of the fingerprint>-00000.tokens`. So the shards of a new corpus do not get in
/// the way of those that a manifest still names.
final class ShardNames {
    private static final int FINGERPRINT = 12;
    private static final Pattern SHARD = Pattern.compile("(training|validation)-[0-9a-f]{12}-[0-9]{5}\\.tokens");

    private ShardNames() {}

    static String prefix(String split, String fingerprint) {
        return split + "-" + fingerprint.substring(0, FINGERPRINT);
    }

    static boolean isShard(String name) {
        return SHARD.matcher(name).matches();
    }

    /// Deletes shards and unfinished shards that nobody names. One that cannot be deleted (Windows keeps what is mapped)
    /// waits for the next time.
    static void deleteOthers(Path folder, Set<String> named) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                String name = String.valueOf(file.getFileName());
                String whole = name.endsWith(ShardWriter.PARTIAL)
                        ? name.substring(0, name.length() - ShardWriter.PARTIAL.length())
                        : name;
                if (isShard(whole) && !named.contains(name)) {
                    delete(file);
                }
            }
        }
    }

    private static void delete(Path file) throws IOException {
        try {
            Files.deleteIfExists(file);
        } catch (AccessDeniedException stillMapped) {
            // Somebody reads it; nobody takes it for a part of the corpus.
            return;
        }
    }
}
