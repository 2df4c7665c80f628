package org.ternlm.tokenizer;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufMetadata;

/// `tokenizer.model` files: against the `tokenizer.json` that holds the same pieces (which the library that defines it
/// agrees with), against the ids that llama.cpp publishes, and on models made by hand.
class SentencePieceModelTest {
    private static final Path TOK512 = TestFolders.ROOT.resolve("testdata/tokenizers/tok512/tokenizer.model");
    private static final WireWriter EVERY_SPACE = new WireWriter().message(3, new WireWriter().whole(4, 0));

    @TempDir
    Path scratch;

    private Tokenizer load(byte[] model, String configuration) throws IOException {
        Files.write(scratch.resolve("tokenizer.model"), model);
        Files.writeString(scratch.resolve("tokenizer_config.json"), configuration.replace('\'', '"'));
        return Tokenizer.load(scratch);
    }

    /// A later message of the same field adds to the one before.
    private static byte[] join(byte[] model, WireWriter more) {
        return new WireWriter().raw(model).raw(more.build()).build();
    }

    @Test
    void givesWhatTheTokenizerJsonGives() throws IOException {
        Tokenizer json = Tokenizer.load(TestFolders.STORIES);
        Tokenizer model = load(join(Files.readAllBytes(TOK512), EVERY_SPACE), "{}");
        assertThat(model.vocabularySize()).isEqualTo(json.vocabularySize());
        assertThat(model.bosId()).isEqualTo(json.bosId());
        assertThat(model.eosId()).isEqualTo(json.eosId());
        NastyText texts = new NastyText(20_261_122);
        for (int i = 0; i < 3_000; i++) {
            String text = texts.next();
            int[] ids = json.encode(text, true);
            assertThat(model.encode(text, true)).as("%d: %s", i, text).isEqualTo(ids);
            assertThat(model.decode(ids, i % 2 == 0)).isEqualTo(json.decode(ids, i % 2 == 0));
            assertThat(model.encode(text, false, SpecialText.AS_TEXT))
                    .isEqualTo(json.encode(text, false, SpecialText.AS_TEXT));
        }
        for (int id = 0; id < json.vocabularySize(); id++) {
            assertThat(model.piece(id)).isEqualTo(json.piece(id));
            assertThat(model.bytes(id)).isEqualTo(json.bytes(id));
            assertThat(model.isSpecial(id)).isEqualTo(json.isSpecial(id));
        }
    }

    /// The file as it was published has SentencePiece remove spaces at the ends, and of several in a row all but one.
    @Test
    void treatsSpacesAsTheFileSays() throws IOException {
        Tokenizer json = Tokenizer.load(TestFolders.STORIES);
        Tokenizer model = load(Files.readAllBytes(TOK512), "{}");
        NastyText texts = new NastyText(7);
        int changed = 0;
        for (int i = 0; i < 1_000; i++) {
            String text = "  a" + texts.next().replace("▁", "_").replace("<", " ") + "b  ";
            String collapsed = text.replaceAll("^ +| +$", "").replaceAll(" +", " ");
            assertThat(model.encode(text, true)).as("%d: %s", i, text).isEqualTo(json.encode(collapsed, true));
            changed += collapsed.equals(text) ? 0 : 1;
        }
        assertThat(changed).isGreaterThan(500);
        assertThat(model.encode("   ", false)).isEmpty();
        assertThat(model.encode("a ▁ ▁", false)).isEqualTo(json.encode("a", false));
        assertThat(model.encode("▁ a", false)).isEqualTo(json.encode("▁ a", false));
    }

    @ParameterizedTest
    @ValueSource(strings = {"phi-3", "llama-spm"})
    void agreesWithLlamaCpp(String name) throws IOException {
        Path folder = name.equals("phi-3")
                ? TestFolders.ROOT.resolve("testdata/tokenizers")
                : TestFolders.data().resolve("tokenizers");
        Path gguf = folder.resolve(name + "/ggml-vocab-" + name + ".gguf");
        Tokenizer model = load(fromGguf(gguf), "{'add_bos_token': false}");
        GoldenTokensTest.agreesWithLlamaCpp(model, gguf);
        assertThat(model.encode("", true)).isEmpty();
        assertThat(model.bosId()).hasValue(1);
    }

    private static byte[] fromGguf(Path file) {
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata metadata = GgufFile.open(file, arena).metadata();
            List<String> pieces = metadata.texts("tokenizer.ggml.tokens");
            float[] scores = metadata.reals("tokenizer.ggml.scores", pieces.size());
            int[] types = metadata.optionalWholes("tokenizer.ggml.token_type", pieces.size()).orElseThrow();
            WireWriter model = new WireWriter();
            // In the GGUF file of Phi-3 it is a control piece like others.
            types[0] = TypedPieces.UNKNOWN;
            for (int id = 0; id < types.length; id++) {
                model.message(1, WireWriter.piece(pieces.get(id), scores[id], types[id]));
            }
            return model.message(2, new WireWriter().whole(3, 2).whole(35, 1))
                    .message(3, new WireWriter().text(1, "identity").whole(4, 0)).build();
        }
    }

    private static WireWriter small() {
        WireWriter model = new WireWriter();
        String[] pieces = {"▁", "a", "b", "c"};
        model.message(1, WireWriter.piece("<unk>", 0, 2)).message(1, WireWriter.piece("<s>", 0, 3))
                .message(1, WireWriter.piece("</s>", 0, 3));
        for (String piece : pieces) {
            model.message(1, WireWriter.piece(piece, -9, 1));
        }
        return model.message(1, WireWriter.piece("bc", -1, 1)).message(1, WireWriter.piece("ab", -1, 1))
                .message(1, WireWriter.piece("▁▁b", 0, 4)).message(2, new WireWriter().whole(3, 2));
    }

    private static List<String> spell(Tokenizer tokenizer, String text) {
        List<String> pieces = new ArrayList<>();
        for (int id : tokenizer.encode(text, false)) {
            pieces.add(tokenizer.piece(id));
        }
        return pieces;
    }

    @Test
    void scoresRankAndUnknownCharactersFuse() throws IOException {
        Tokenizer tokenizer = load(small().build(), "{}");
        assertThat(spell(tokenizer, "abc")).containsExactly("▁", "ab", "c");
        assertThat(spell(tokenizer, "bcxyzab")).containsExactly("▁", "bc", "<unk>", "ab");
        assertThat(tokenizer.encode("", true)).containsExactly(1);
    }

    /// A user-defined piece is found among the marks, and what stands beside it does not merge with it.
    @Test
    void userDefinedPiecesAreFoundInTheNormalizedText() throws IOException {
        Tokenizer tokenizer = load(join(small().build(), EVERY_SPACE), "{}");
        assertThat(spell(tokenizer, "a  bc")).containsExactly("▁", "a", "▁▁b", "c");
        assertThat(spell(tokenizer, " bc")).containsExactly("▁▁b", "c");
        assertThat(tokenizer.decode(tokenizer.encode(" bc", false), true)).isEqualTo(" bc");
    }

    @Test
    void theConfigurationOverrulesTheModel() throws IOException {
        byte[] model = join(small().build(), EVERY_SPACE);
        Tokenizer plain = load(model, "{'add_prefix_space': false, 'bos_token': null, 'eos_token': '</s>', "
                + "'add_bos_token': false, 'add_eos_token': true}");
        assertThat(spell(plain, "ab")).containsExactly("ab");
        assertThat(plain.encode("a", true)).containsExactly(4, 2);
        assertThat(plain.decode(new int[] {3, 4}, true)).isEqualTo(" a");
        Tokenizer first = load(model, "{'legacy': false}");
        assertThat(spell(first, "a</s>a")).containsExactly("▁", "a", "</s>", "a");
        Tokenizer always = load(model, "{'legacy': true}");
        assertThat(spell(always, "a</s>a")).containsExactly("▁", "a", "</s>", "▁", "a");
    }

    @Test
    void addedTokensStandInTheConfigurationOrInAFileOfTheirOwn() throws IOException {
        Files.writeString(scratch.resolve("added_tokens.json"), "{\"<end>\": 12, \"bc\": 7}");
        Tokenizer tokenizer = load(small().build(), """
                {'added_tokens_decoder': {'0': {'content': '<unk>', 'special': true},
                  '11': {'content': '<user>', 'rstrip': true, 'special': false}}}""");
        assertThat(tokenizer.vocabularySize()).isEqualTo(13);
        assertThat(tokenizer.encode("<user>  ab<end>bc", false)).containsExactly(11, 3, 8, 12, 7);
        assertThat(tokenizer.isSpecial(11)).isFalse();
        assertThat(tokenizer.isSpecial(12)).isTrue();
        assertThat(tokenizer.decode(new int[] {11, 4, 12}, true)).isEqualTo("<user>a");
    }

    @Test
    void theTokenizerJsonGoesBeforeTheModel() throws IOException {
        TestFolders.variant(TestFolders.STORIES, scratch, _ -> {});
        assertThat(load(small().build(), "{}").vocabularySize()).isEqualTo(512);
    }
}
