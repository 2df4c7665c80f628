package org.ternlm.fuzz;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.safetensors.SafetensorsFile;
import org.ternlm.kernel.Workers;
import org.ternlm.model.LinearRole;
import org.ternlm.model.ModelSource;
import org.ternlm.model.NormRole;
import org.ternlm.tensor.Tensor;
import org.ternlm.tokenizer.SpecialText;
import org.ternlm.tokenizer.Tokenizer;

/// What a fuzzer does with bytes: writes them into a file, opens that, and uses all that it finds there. A file is sound
/// or refused with a [ModelFormatException] of one line; anything else is a finding.
enum FuzzTarget {
    /// Header and tensors.
    SAFETENSORS("model.safetensors") {
        @Override
        void use(Path file) {
            try (Arena arena = Arena.ofConfined()) {
                for (Tensor tensor : SafetensorsFile.open(file, arena).tensors().values()) {
                    if (tensor.type().isFloat()) {
                        tensor.floats();
                    }
                }
            }
        }
    },
    /// Metadata, configuration, every weight, and the tokenizer.
    GGUF("model.gguf") {
        @Override
        void use(Path file) throws IOException {
            refusing(() -> tokenize(Tokenizer.load(file)));
            try (Workers workers = new Workers(1); Arena arena = Arena.ofConfined()) {
                ModelSource source = ModelSource.open(file, workers, arena);
                source.embedding();
                source.head();
                source.norm();
                for (int layer = 0; layer < source.config().layers(); layer++) {
                    for (NormRole role : NormRole.values()) {
                        source.norm(layer, role);
                    }
                    for (LinearRole role : LinearRole.values()) {
                        source.linear(layer, role, arena);
                    }
                }
                source.checkNothingLeft();
            }
        }
    },
    /// The tokenizer, and some texts through it.
    TOKENIZER_JSON("tokenizer.json") {
        @Override
        void use(Path file) throws IOException {
            tokenize(Tokenizer.load(parent(file)));
        }
    },
    /// The same.
    TOKENIZER_MODEL("tokenizer.model") {
        @Override
        void use(Path file) throws IOException {
            tokenize(Tokenizer.load(parent(file)));
        }
    };

    private final String fileName;

    FuzzTarget(String fileName) {
        this.fileName = fileName;
    }

    String fileName() {
        return fileName;
    }

    abstract void use(Path file) throws IOException;

    /// @param scratch a folder of the target's own
    /// @throws IllegalStateException if a refusal has more than a line
    void accept(byte[] content, Path scratch) throws IOException {
        Path file = Files.write(scratch.resolve(fileName), content);
        refusing(() -> use(file));
    }

    private interface Use {
        void run() throws IOException;
    }

    private static void refusing(Use use) throws IOException {
        try {
            use.run();
        } catch (ModelFormatException refusal) {
            String message = String.valueOf(refusal.getMessage());
            if (message.contains("\n") || message.length() > 2_000) {
                throw new IllegalStateException("a refusal of more than a line: " + message, refusal);
            }
        }
    }

    private static Path parent(Path file) {
        return file.toAbsolutePath().getParent();
    }

    private static void tokenize(Tokenizer tokenizer) {
        for (String text : new String[] {"", "  Once upon\ta time, 123 abc", "ä▁ < \uD83D\uDE00</s>\u0000"}) {
            int[] ids = tokenizer.encode(text, true);
            tokenizer.decode(ids, true);
            tokenizer.encode(text, false, SpecialText.AS_TEXT);
        }
        for (int id = 0; id < Math.min(50, tokenizer.vocabularySize()); id++) {
            tokenizer.bytes(id);
        }
    }
}
