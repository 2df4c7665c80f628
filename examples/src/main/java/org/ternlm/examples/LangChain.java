package org.ternlm.examples;

import java.nio.file.Path;
import org.ternlm.langchain4j.TernChatModel;
import org.ternlm.langchain4j.TernModel;

/// A chat model for LangChain4j, in the same process.
public final class LangChain {
    private LangChain() {}

    /// @param args the model's folder or GGUF file, and a message
    public static void main(String[] args) {
        try (TernModel model = TernModel.open(Path.of(args[0]))) {
            System.out.println(TernChatModel.of(model).chat(args[1]));
        }
    }
}
