package org.ternlm.langchain4j;

import dev.langchain4j.model.chat.request.ChatRequestParameters;
import java.nio.file.Path;

/// A small model, open as long as the tests run.
final class Bundled {
    static final String NAME = "tinystories-ternary-3M";
    static final TernModel MODEL = TernModel.open(Path.of(System.getProperty("tern.root"), "testdata", "models", NAME));
    /// The likeliest text, always the same.
    static final ChatRequestParameters GREEDY = ChatRequestParameters.builder().temperature(0.0).maxOutputTokens(40)
            .build();

    private Bundled() {}
}
