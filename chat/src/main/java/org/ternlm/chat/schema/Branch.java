package org.ternlm.chat.schema;

/// One of the ways to satisfy a schema: values of one kind. A schema is read as a list of branches, of which any may be
/// taken.
sealed interface Branch permits Word, Text, Numbers, Items, Members {
    /// A measure of the work that it makes.
    default int size() {
        return switch (this) {
            case Word _,Numbers _ -> 0;
            case Text text -> text.characters().map(dfa -> dfa.edges().size()).orElse(0);
            case Items items -> items.first().size();
            case Members members -> members.named().size() + members.required().size();
        };
    }
}
