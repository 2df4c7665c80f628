package org.ternlm.spark;

/// A row cannot be answered. The message says in one line which one, and why.
public final class RowException extends RuntimeException {
    RowException(String message) {
        super(message);
    }
}
