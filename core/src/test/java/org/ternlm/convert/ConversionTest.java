package org.ternlm.convert;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.Fixtures;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufMetadata;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.Workers;
import org.ternlm.model.FolderForm;
import org.ternlm.model.LinearRole;
import org.ternlm.model.LinearWeights;
import org.ternlm.model.ModelSource;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tokenizer.Tokenizer;

/// Models through two conversions, over every pair of formats that fit them: the same codes, the same numbers, the same
/// log-probabilities.
class ConversionTest {
    private static final String PACKED = "golden/bitnet-2b4t-packed";
    private static final String MASTER = "golden/bitnet-2b4t-bf16-master";
    private static final String LLAMA = "golden/llama-158-packed-bitlinear";
    private static final String SMALL = "tinystories-ternary-1M";
    private static final String DENSE = "stories260K-llama-f32";
    private static final List<String> HALF_SCALES = List.of("TQ1_0", "TQ2_0", "F16", "Q8_0");

    private static final String TEXT = "Once upon a time, there was a little girl named Lily. She had a red ball and "
            + "liked to play in the park.";

    @TempDir
    Path scratch;

    private static final Conversion.Listener SILENT = new Conversion.Listener() {
        @Override
        public void starts(String what, long weights) {}

        @Override
        public void advances(long weights) {}
    };

    /// Formats are data: a type of GGUF, or a form of folders; beside ternary weights, numbers are F32.
    static Target target(String format) {
        for (FolderForm form : FolderForm.values()) {
            if (format.equals("folder " + form)) {
                return new Target.Folder(Optional.of(form), Optional.of(GgufType.F32));
            }
        }
        return new Target.Gguf(Optional.of(GgufType.valueOf(format)), Optional.of(GgufType.F32), Optional.empty());
    }

    private Path convert(Path in, String format) throws IOException {
        Target target = target(format);
        Path out = scratch.resolve(format.replace(' ', '-') + "-" + System.nanoTime()
                + (target instanceof Target.Gguf ? ".gguf" : ""));
        new Conversion(in, out, target, false, SILENT).run();
        return out;
    }

    private static List<TernaryMatrix> matrices(Path model) {
        List<TernaryMatrix> matrices = new ArrayList<>();
        try (Arena arena = Arena.ofShared(); Workers workers = new Workers(1)) {
            ModelSource source = ModelSource.open(model, workers, arena);
            for (int i = 0; i < source.config().layers(); i++) {
                for (LinearRole role : LinearRole.values()) {
                    matrices.add(source.linear(i, role, arena) instanceof LinearWeights.Ternary ternary
                            ? ternary.matrix()
                            : new TernaryMatrix(1, 1, new byte[1], 0));
                }
            }
        }
        return matrices;
    }

    private static double[] logProbabilities(Path model) {
        try (Tern tern = Tern.open(model, 1)) {
            int[] tokens = tern.tokenizer().encode(TEXT, true);
            return tern.scorer().score(tokens, 1).logProbabilities();
        }
    }

    static List<Arguments> ternaryPairs() {
        List<Arguments> pairs = new ArrayList<>();
        List<String> all = List.of("TQ1_0", "TQ2_0", "I2_S", "folder AUTOBITLINEAR", "folder BITLINEAR");
        List<String> narrow = List.of("I2_S", "folder AUTOBITLINEAR", "folder BITLINEAR");
        for (String model : List.of(PACKED, LLAMA, SMALL)) {
            List<String> formats = model.equals(SMALL) ? narrow : all;
            formats.forEach(a -> formats.forEach(b -> pairs.add(Arguments.of(model, a, b))));
        }
        all.forEach(format -> pairs.add(Arguments.of(MASTER, format, "I2_S")));
        // As numbers and back: in BitNet's architectures, which say that they are ternary.
        for (String numbers : List.of("F32", "F16", "BF16", "Q8_0")) {
            pairs.add(Arguments.of(SMALL, numbers, "I2_S"));
            pairs.add(Arguments.of(PACKED, "TQ1_0", numbers));
        }
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("ternaryPairs")
    void ternaryModelsKeepTheirCodes(String model, String first, String second) throws IOException {
        Path source = Fixtures.model(model);
        Path out = convert(convert(source, first), second);
        List<TernaryMatrix> expected = matrices(source);
        List<TernaryMatrix> found = matrices(out);
        assertThat(found).hasSameSizeAs(expected);
        boolean halves = HALF_SCALES.contains(first) || HALF_SCALES.contains(second);
        boolean brain = (first + second).contains("BF16");
        boolean inverse = (first + second).contains(" BITLINEAR");
        double precision = brain ? 0x1p-7 : halves ? 0x1p-10 : inverse ? 0x1p-21 : 0;
        // A 127th of a small scale is below where halves have all their digits.
        double least = (first + second).contains("Q8_0") ? 127 * 0x1p-25 : 0;
        for (int i = 0; i < expected.size(); i++) {
            assertThat(found.get(i).trits()).as("matrix %d", i).isEqualTo(expected.get(i).trits());
            float scale = expected.get(i).weightScale(0);
            assertThat((double) found.get(i).weightScale(0)).as("scale %d", i).isCloseTo(scale, within(Math.max(
                    least, precision * scale)));
        }
        if (precision == 0) {
            assertThat(logProbabilities(out)).isEqualTo(logProbabilities(source));
        } else {
            assertThat(logProbabilities(out)).containsExactly(logProbabilities(source), within(brain ? 0.5 : 0.1));
        }
    }

    static List<Arguments> densePairs() {
        List<Arguments> pairs = new ArrayList<>();
        List<String> formats = List.of("F32", "F16", "BF16", "folder F32", "folder F16", "folder BF16");
        formats.forEach(a -> formats.forEach(b -> pairs.add(Arguments.of(a, b))));
        return pairs;
    }

    @ParameterizedTest
    @MethodSource("densePairs")
    void denseModelsKeepTheirNumbers(String first, String second) throws IOException {
        Path source = Fixtures.model(DENSE);
        Path out = convert(convert(source, first), second);
        double precision = (first + second).contains("BF16") ? 0.2 : (first + second).contains("F16") ? 0.02 : 0;
        if (precision == 0) {
            assertThat(logProbabilities(out)).isEqualTo(logProbabilities(source));
        } else {
            assertThat(logProbabilities(out)).containsExactly(logProbabilities(source), within(precision));
        }
    }

    /// Rounded once, a model is what it was but for the rounding; rounded again the same way, it does not change.
    @ParameterizedTest
    @CsvSource({"Q8_0, 0.25", "folder INT8, 0.25", "Q4_0, 3"})
    void denseModelsAreRounded(String type, double precision) throws IOException {
        Path source = Files.createDirectories(scratch.resolve("dense"));
        for (String name : List.of("config.json", "model.safetensors")) {
            Files.copy(Fixtures.model("golden/llama-bf16-spm").resolve(name), source.resolve(name));
        }
        Files.copy(Fixtures.model(SMALL).resolve("tokenizer.json"), source.resolve("tokenizer.json"));
        Path rounded = convert(source, type);
        assertThat(logProbabilities(rounded)).containsExactly(logProbabilities(source), within(precision))
                .isNotEqualTo(logProbabilities(source));
        assertThat(logProbabilities(convert(rounded, type))).isEqualTo(logProbabilities(rounded));
        // A row's scale multiplies sums where the weights are int8, and each weight where they are floats.
        assertThat(logProbabilities(convert(rounded, "folder F32"))).containsExactly(logProbabilities(rounded), within(
                type.equals("folder INT8") ? 1e-3 : 0));
    }

    /// Ternary weights as numbers, for programs that know no others: inputs are no longer rounded, which is all.
    @ParameterizedTest
    @CsvSource({LLAMA + ", F32", LLAMA + ", folder F32", PACKED + ", folder F32", PACKED + ", folder BF16"})
    void ternaryModelsBecomeNumbers(String model, String format) throws IOException {
        Path source = Fixtures.model(model);
        Path out = convert(source, format);
        assertThat(logProbabilities(out)).containsExactly(logProbabilities(source), within(0.3));
    }

    @Test
    void tokenizersGoThroughBothFormats() throws IOException {
        for (String model : List.of(PACKED, SMALL)) {
            Path source = Fixtures.model(model);
            Path file = convert(source, "I2_S");
            Path folder = convert(file, "folder AUTOBITLINEAR");
            Path again = convert(folder, "I2_S");
            Tokenizer expected = Tokenizer.load(source);
            String text = "Once upon a time,  12345 \n<s> ü▁ 中文 don't!";
            for (Path path : List.of(file, folder, again)) {
                Tokenizer found = Tokenizer.load(path);
                assertThat(found.encode(text, true)).as("%s", path).isEqualTo(expected.encode(text, true));
                assertThat(found.decode(found.encode(text, true), true)).isEqualTo(expected.decode(expected.encode(text,
                        true), true));
                assertThat(found.bosId()).isEqualTo(expected.bosId());
                assertThat(found.eosId()).isEqualTo(expected.eosId());
            }
        }
    }

    @Test
    void whatAFileSaysOfItselfGoesAlong() throws IOException {
        Path file = convert(Fixtures.model(PACKED), "I2_S");
        Path copy = convert(file, "TQ1_0");
        try (Arena arena = Arena.ofConfined()) {
            GgufMetadata first = GgufFile.open(file, arena).metadata();
            GgufMetadata second = GgufFile.open(copy, arena).metadata();
            assertThat(second.keys()).containsExactlyInAnyOrderElementsOf(first.keys());
            assertThat(kinds(second)).isEqualTo(kinds(first));
            assertThat(first.text("tokenizer.chat_template")).contains("message");
            assertThat(first.text("general.name")).isEqualTo("bitnet-2b4t-packed");
            assertThat(first.text("general.architecture")).isEqualTo("bitnet-b1.58");
            assertThat(first.whole("general.file_type")).isEqualTo(40);
            assertThat(second.whole("general.file_type")).isEqualTo(36);
        }
    }

    private static Map<String, String> kinds(GgufMetadata metadata) {
        Map<String, String> kinds = new TreeMap<>();
        metadata.values().forEach((key, value) -> kinds.put(key, value.kind()));
        kinds.remove("general.file_type");
        return kinds;
    }
}
