package org.ternlm.server.http;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A secret that requests have to bring along, as `Authorization: Bearer …`.
public final class ApiKey {
    private static final String SCHEME = "Bearer ";
    private final byte[] hash;

    private ApiKey(byte[] hash) {
        this.hash = hash;
    }

    /// @throws IllegalArgumentException if it is empty, or not of printable ASCII
    public static ApiKey of(String key) {
        if (key.isEmpty() || key.chars().anyMatch(character -> character <= ' ' || character > '~')) {
            throw new IllegalArgumentException("expected printable ASCII without spaces");
        }
        return new ApiKey(hash(key));
    }

    /// Whether a header `Authorization` holds it. Takes equally long wherever a wrong key differs.
    boolean isIn(String authorization) {
        boolean isBearer = authorization.regionMatches(true, 0, SCHEME, 0, SCHEME.length());
        String key = isBearer ? authorization.substring(SCHEME.length()).strip() : "";
        // Hashes have the same length, so that nothing tells how long the key is.
        return MessageDigest.isEqual(hash, hash(key)) && isBearer;
    }

    private static byte[] hash(String key) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(key.getBytes(StandardCharsets.UTF_8));
        } catch (java.security.NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has it", e);
        }
    }

    @Override
    public String toString() {
        return "ApiKey[…]";
    }
}
