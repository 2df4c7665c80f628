/// Chat models for LangChain4j that run in the same process.
///
/// ```
/// try (TernModel model = TernModel.open(Path.of("models/tern-stories-5M-b158.gguf"))) {
///     System.out.println(TernChatModel.of(model).chat("Once upon a time"));
/// }
/// ```
@NullMarked
package org.ternlm.langchain4j;

import org.jspecify.annotations.NullMarked;
