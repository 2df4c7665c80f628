package org.ternlm.chat.schema;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.tokenizer.Tokenizer;

/// Vocabularies to try: of real tokenizers, and made up.
final class Vocabularies {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", ".."));

    private Vocabularies() {}

    static Path bundledModel() {
        return ROOT.resolve("testdata/models/tinystories-ternary-3M");
    }

    /// 512 SentencePiece pieces.
    static Tokenizer stories() {
        return load(bundledModel());
    }

    /// 32,064 SentencePiece pieces, with byte tokens.
    static Tokenizer phi3() {
        return load(ROOT.resolve("testdata/tokenizers/phi-3/ggml-vocab-phi-3.gguf"));
    }

    /// 1,020 byte-level pieces.
    static Tokenizer byteLevel() {
        return load(ROOT.resolve("testdata/models/golden/bitnet-2b4t-packed"));
    }

    private static Tokenizer load(Path path) {
        try {
            return Tokenizer.load(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// All bytes, and words and punctuation as byte-level vocabularies have them, up to `size` tokens.
    static List<byte @Nullable []> synthetic(int size, long seed) {
        Random random = new Random(seed);
        Set<String> texts = new LinkedHashSet<>();
        String[] marks = {"\"", "\",", "\":", "\": ", "\"}", "{\"", "[{\"", "},", "]}", "\n", ",", " {", "\\\"", "\\n",
                ".\"",
                "\",\"", "\":\"", "\": \"", "\", \"", "\"},{\""};
        while (texts.size() < size - 256) {
            StringBuilder word = new StringBuilder(random.nextInt(3) == 0 ? "" : " ");
            for (int i = random.nextInt(1, 9); i > 0; i--) {
                word.append((char) ('a' + random.nextInt(26)));
            }
            int kind = random.nextInt(40);
            if (kind == 0) {
                word.setLength(0);
                word.append(marks[random.nextInt(marks.length)]).append((char) ('a' + random.nextInt(26)))
                        .append(random.nextInt(1000));
            } else if (kind == 1) {
                word.append(marks[random.nextInt(marks.length)]);
            } else if (kind == 2) {
                word.append("äöü€漢字😀".codePointAt(random.nextInt(4)));
            }
            texts.add(word.toString());
        }
        List<byte @Nullable []> tokens = new ArrayList<>();
        for (int b = 0; b < 256; b++) {
            tokens.add(new byte[] {(byte) b});
        }
        texts.forEach(text -> tokens.add(text.getBytes(StandardCharsets.UTF_8)));
        return tokens;
    }
}
