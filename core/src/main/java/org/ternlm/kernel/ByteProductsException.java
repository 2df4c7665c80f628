package org.ternlm.kernel;

/// A native library cannot multiply, and why: one line for the user.
public final class ByteProductsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /// @param message what failed, in words for the user
    public ByteProductsException(String message) {
        super(message);
    }

    /// @param message what failed, in words for the user
    /// @param cause what is behind it
    public ByteProductsException(String message, Throwable cause) {
        super(message, cause);
    }
}
