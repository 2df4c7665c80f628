package org.ternlm.examples;

import java.nio.file.Path;
import java.util.Arrays;
import org.ternlm.generate.Tern;

/// Tells which of several texts a model finds likelier.
public final class Likelihood {
    private Likelihood() {}

    /// @param args the model's folder or GGUF file, and texts
    public static void main(String[] args) {
        try (Tern tern = Tern.open(Path.of(args[0]))) {
            for (String text : Arrays.asList(args).subList(1, args.length)) {
                int[] tokens = tern.tokenizer().encode(text, true);
                double sum = Arrays.stream(tern.scorer().score(tokens, 1).logProbabilities()).sum();
                System.out.printf("%.2f  %s%n", sum, text);
            }
        }
    }
}
