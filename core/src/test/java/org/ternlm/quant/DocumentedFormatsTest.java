package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.ternlm.Fixtures;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufTensor;

/// Executes the worked examples of `docs/formats`.
class DocumentedFormatsTest {
    private static final Path PAGES = Fixtures.ofCheckout("docs/formats");
    private static final Pattern BLOCK = Pattern.compile("```example\\n(.*?)```", Pattern.DOTALL);
    private static final Pattern FILE = Pattern.compile("```gguf\\n(.*?)```", Pattern.DOTALL);
    /// Layouts that never leave the process.
    private static final Set<String> INTERNAL = Set.of(Packings.SIGN_BIT.name(), Packings.TERN2.name(),
            Packings.LUT9.name(), Packings.LUT15.name(), Packings.COL2.name());
    private static final List<FloatBlocks> BLOCKS = List.of(Packings.Q8_0, Packings.Q4_0, Packings.Q6_K);

    static List<String> examples() throws IOException {
        List<String> examples = new ArrayList<>();
        try (Stream<Path> pages = Files.list(PAGES)) {
            for (Path page : pages.sorted().toList()) {
                Matcher block = BLOCK.matcher(Files.readString(page));
                while (block.find()) {
                    examples.add(block.group(1));
                }
            }
        }
        return examples;
    }

    @ParameterizedTest
    @MethodSource("examples")
    void isWhatThePageSays(String block) {
        FormatExample example = new FormatExample(block);
        if (example.isMatrix()) {
            checkMatrix(example);
        } else {
            checkNumbers(example);
        }
    }

    private static void checkMatrix(FormatExample example) {
        Packing packing = Packings.ALL.stream().filter(one -> one.name().equals(example.format())).findFirst()
                .orElseThrow();
        TernaryMatrix matrix = example.matrix();
        byte[] packed = new byte[Math.toIntExact(packing.byteSize(matrix.rows(), matrix.columns()))];
        packing.encode(matrix, MemorySegment.ofArray(packed));
        assertThat(HexFormat.ofDelimiter(" ").formatHex(packed))
                .isEqualTo(HexFormat.ofDelimiter(" ").formatHex(example.bytes()));
        TernaryMatrix decoded = packing.decode(MemorySegment.ofArray(example.bytes()), matrix.rows(),
                matrix.columns(), matrix.weightScales());
        assertThat(decoded.trits()).isEqualTo(matrix.trits());
        for (int row = 0; row < matrix.rows(); row++) {
            assertThat(decoded.weightScale(row)).isEqualTo(matrix.weightScale(row));
        }
    }

    private static void checkNumbers(FormatExample example) {
        FloatBlocks blocks = BLOCKS.stream().filter(one -> one.name().equals(example.format())).findFirst()
                .orElseThrow();
        float[] values = new float[example.numbers()];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment target = arena.allocate(4L * values.length);
            blocks.decode(MemorySegment.ofArray(example.bytes()), target);
            MemorySegment.copy(target, ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN), 0, values,
                    0, values.length);
        }
        assertThat(values).isEqualTo(example.values());
    }

    @Test
    void everyFormatHasItsExample() throws IOException {
        Set<String> documented = examples().stream().map(block -> new FormatExample(block).format())
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> formats = Stream.concat(Packings.ALL.stream().map(Packing::name), BLOCKS.stream().map(
                FloatBlocks::name)).filter(name -> !INTERNAL.contains(name)).collect(Collectors.toCollection(
                        TreeSet::new));
        assertThat(documented).isEqualTo(formats);
    }

    @Test
    void theFileThatIsSpelledOutIsOne(@TempDir Path folder) throws IOException {
        Matcher block = FILE.matcher(Files.readString(PAGES.resolve("gguf.md")));
        assertThat(block.find()).isTrue();
        // The bytes end where two spaces stand.
        String hex = block.group(1).lines().map(line -> line.split(" {2}")[0]).collect(Collectors.joining(" "));
        byte[] bytes = HexFormat.of().parseHex(hex.replace(" ", ""));
        assertThat(bytes).hasSize(152);
        Path path = Files.write(folder.resolve("example.gguf"), bytes);
        try (Arena arena = Arena.ofConfined()) {
            GgufFile file = GgufFile.open(path, arena);
            assertThat(file.version()).isEqualTo(3);
            assertThat(file.metadata().text("general.architecture")).isEqualTo("llama");
            GgufTensor gain = file.tensors().values().iterator().next();
            assertThat(gain.name()).isEqualTo("gain");
            assertThat(gain.shape().dimensions()).containsExactly(2, 3);
            assertThat(gain.data().toArray(ValueLayout.JAVA_FLOAT_UNALIGNED)).containsExactly(1, 2, 3, -1, -2, -3);
        }
    }
}
