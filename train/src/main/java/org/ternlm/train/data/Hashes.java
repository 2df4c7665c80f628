package org.ternlm.train.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.LongConsumer;

/// Hashes of files and of documents.
final class Hashes {
    private static final int BUFFER = 1 << 16;
    private static final long FNV_START = 0xCBF29CE484222325L;
    private static final long FNV_PRIME = 0x100000001B3L;

    private Hashes() {}

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /// The digest so far; it goes on from there.
    static String hex(MessageDigest digest) {
        try {
            return HexFormat.of().formatHex(((MessageDigest) digest.clone()).digest());
        } catch (CloneNotSupportedException e) {
            throw new IllegalStateException("the JDK's SHA-256 can be copied", e);
        }
    }

    static String sha256(byte[] bytes) {
        MessageDigest digest = sha256();
        digest.update(bytes);
        return hex(digest);
    }

    /// SHA-256 of a file.
    ///
    /// @param bytesRead is told how many bytes were read, again and again
    static String sha256(Path file, LongConsumer bytesRead) throws IOException {
        MessageDigest digest = sha256();
        byte[] buffer = new byte[BUFFER];
        try (InputStream in = Files.newInputStream(file)) {
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
                bytesRead.accept(read);
            }
        }
        return hex(digest);
    }

    /// 64 bits that depend on a document's text alone: FNV-1a over its UTF-16 units (Fowler, Noll, Vo), mixed, because
    /// FNV's high bits are poor.
    static long document(String text) {
        long hash = FNV_START;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * FNV_PRIME;
        }
        return RandomOrder.mix(hash);
    }

    /// A hash as a number from 0 to less than 1.
    static double fraction(long hash) {
        return (hash >>> 11) * 0x1p-53;
    }
}
