package org.ternlm.hub;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/// What a file's content must hash to. Its text names the file in the cache.
public sealed interface Checksum {
    /// In hexadecimal digits.
    String text();

    /// A hash that has seen what belongs before the content.
    MessageDigest start();

    /// Whether a hash that has seen all of the content is this one.
    default boolean matches(MessageDigest all) {
        return HexFormat.of().formatHex(all.digest()).equals(text());
    }

    /// The SHA-256 of the content, which the hub knows of large files.
    ///
    /// @param text 64 digits
    record Sha256(String text) implements Checksum {
        private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{64}");

        /// @throws HubException if it is none
        public Sha256 {
            check(text, DIGITS, "a SHA-256");
        }

        @Override
        public MessageDigest start() {
            return digest("SHA-256");
        }
    }

    /// The name that Git gives to a content: the SHA-1 of `blob`, a blank, the size, a zero byte and the content.
    ///
    /// @param text 40 digits
    /// @param size of the content in bytes
    record GitBlob(String text, long size) implements Checksum {
        private static final Pattern DIGITS = Pattern.compile("[0-9a-f]{40}");

        /// @throws HubException if it is none
        public GitBlob {
            check(text, DIGITS, "a Git blob's SHA-1");
        }

        @Override
        public MessageDigest start() {
            MessageDigest digest = digest("SHA-1");
            digest.update(("blob " + size + "\0").getBytes(StandardCharsets.US_ASCII));
            return digest;
        }
    }

    private static void check(String text, Pattern digits, String what) {
        if (!digits.matcher(text).matches()) {
            throw new HubException(HubException.Kind.BAD_ANSWER,
                    "the hub lists '%s', expected %s".formatted(text, what),
                    null);
        }
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException absent) {
            throw new IllegalStateException(absent);
        }
    }
}
