package org.ternlm.examples;

import java.nio.file.Path;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;

/// Continues a text, and shows it as it comes.
public final class Story {
    private Story() {}

    /// @param args the model's folder or GGUF file, and the beginning of a story
    public static void main(String[] args) {
        try (Tern tern = Tern.open(Path.of(args[0])); Session session = tern.session()) {
            session.generate(tern.request(args[1]).withMaxTokens(60), event -> System.out.print(event.text()));
            System.out.println();
        }
    }
}
