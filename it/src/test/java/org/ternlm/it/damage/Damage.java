package org.ternlm.it.damage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// One way in which a model folder can be wrong.
///
/// @param name what is wrong, for people
/// @param base the golden checkpoint that it is done to
/// @param action does it to a copy
/// @param file the file that the message must name
/// @param message what else it must say: place, expected, found
record Damage(String name, String base, Action action, String file, String message) {
    static final Path GOLDEN = Path.of(System.getProperty("tern.root", "..")).resolve("testdata/models/golden");
    static final String PACKED = "bitnet-2b4t-packed";
    static final String MASTER = "bitnet-2b4t-bf16-master";
    static final String UNTIED = "llama-158-packed-bitlinear";
    static final String DENSE = "llama-bf16-spm";
    static final String WEIGHTS = "model.safetensors";
    static final String CONFIG = "config.json";
    static final String TOKENIZER = "tokenizer.json";

    /// Changes a copy of a model folder.
    @FunctionalInterface
    interface Action {
        void apply(ModelCopy copy) throws IOException;
    }

    /// All of them.
    static List<Damage> all() {
        return Stream.of(FileDamage.all(), HeaderDamage.all(), TensorDamage.all(), ConfigDamage.all(),
                TokenizerDamage.all()).flatMap(List::stream).toList();
    }

    /// Makes the damaged folder `target`.
    Path make(Path target) throws IOException {
        action.apply(ModelCopy.of(GOLDEN.resolve(base), target));
        return target;
    }

    @Override
    public String toString() {
        return name;
    }
}
