/// Chat models for LangChain4j that run in the same process.
///
/// ```
/// try (TernModel model = TernModel.open(Path.of("models/tinystories-ternary-3M"))) {
///     System.out.println(TernChatModel.of(model).chat("Once upon a time"));
/// }
/// ```
@NullMarked
package org.ternlm.langchain4j;

import org.jspecify.annotations.NullMarked;
