package org.ternlm.chat.schema;

/// One of the ways to satisfy a schema: values of one kind. A schema is read as a list of branches, of which any may be
/// taken.
sealed interface Branch permits Word, Text, Numbers, Items, Members {}
