package org.ternlm.chat.schema;

/// A JSON schema that answers cannot be held to.
public final class UnsupportedSchemaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String pointer;

    /// @param pointer where in the schema, as a JSON pointer
    public UnsupportedSchemaException(String pointer, String message) {
        super((pointer.isEmpty() ? "the schema" : pointer) + ": " + message);
        this.pointer = pointer;
    }

    /// Where in the schema, as a JSON pointer.
    public String pointer() {
        return pointer;
    }
}
