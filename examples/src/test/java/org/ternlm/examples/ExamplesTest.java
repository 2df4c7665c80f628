package org.ternlm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/// Runs every example with a small model.
class ExamplesTest {
    private static final String MODEL = Path
            .of(System.getProperty("tern.root"), "testdata", "models", "tinystories-ternary-3M")
            .toString();

    @FunctionalInterface
    private interface Program {
        void run(String... args) throws Exception;
    }

    private static String output(Program program, String... args) throws Exception {
        PrintStream before = System.out;
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
        try {
            program.run(args);
        } finally {
            System.setOut(before);
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void aStory() throws Exception {
        assertThat(output(Story::main, MODEL, "Once upon a time")).startsWith(", there was a little girl named Lily.");
    }

    @Test
    void whatAStoryWouldSayIsLikelierThanWhatNobodyWould() throws Exception {
        String[] lines = output(Likelihood::main, MODEL, "The dog was happy.", "Happy the was dog.").split("\n");
        assertThat(Double.parseDouble(lines[0].strip().split(" ")[0]))
                .isGreaterThan(Double.parseDouble(lines[1].strip().split(" ")[0]));
    }

    @Test
    void severalStoriesAtOnceAreThoseToldAlone() throws Exception {
        String together = output(Together::main, MODEL, "One day", "The sun", "Tom had a ball");
        String alone = output(Together::main, MODEL, "One day") + output(Together::main, MODEL, "The sun")
                + output(Together::main, MODEL, "Tom had a ball");
        assertThat(together).isEqualTo(alone).hasLineCount(3);
    }

    @Test
    void jsonOfASchema() throws Exception {
        assertThat(output(JsonAnswer::main, MODEL, "Lily had a ball. "))
                .containsPattern("\"colour\": ?\"(red|green|blue)\"");
    }

    @Test
    void aChatModelOfLangChain4j() throws Exception {
        assertThat(output(LangChain::main, MODEL, "Once upon a time there was a cat.")).isNotBlank();
    }
}
