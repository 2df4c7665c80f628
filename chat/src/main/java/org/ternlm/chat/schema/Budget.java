package org.ternlm.chat.schema;

/// How much work a schema may make, so that no schema, however it is made, takes longer than a moment. Not thread-safe.
final class Budget {
    private static final int MOST = 400_000;

    private int spent;

    /// @throws UnsupportedSchemaException if all is spent
    void spend(int work, String pointer) {
        spent += work;
        if (spent > MOST) {
            throw new UnsupportedSchemaException(pointer,
                    "the schema takes too much work: its patterns or combinations are too many or too large");
        }
    }
}
