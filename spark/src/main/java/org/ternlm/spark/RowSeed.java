package org.ternlm.spark;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// The seed of a row's random numbers: the first eight bytes of SHA-256 over the job's seed (eight bytes, the highest
/// first) and the key's UTF-8. So a task that is tried again gives the same answers, and so does any other partitioning.
final class RowSeed {
    private RowSeed() {}

    static long of(long seed, String key) {
        MessageDigest digest = Fingerprint.sha256();
        digest.update(ByteBuffer.allocate(Long.BYTES).putLong(seed).flip());
        return ByteBuffer.wrap(digest.digest(key.getBytes(StandardCharsets.UTF_8))).getLong();
    }
}
