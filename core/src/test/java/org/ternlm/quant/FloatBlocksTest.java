package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Layouts of real numbers, by bytes made by hand and by formulas from their specifications.
class FloatBlocksTest {
    private static final HexFormat HEX = HexFormat.of();

    static List<FloatBlocks> all() {
        return Stream.concat(Stream.of(Packings.Q4_0, Packings.Q8_0, Packings.Q6_K),
                Packings.ALL.stream().filter(FloatBlocks.class::isInstance).map(FloatBlocks.class::cast)).toList();
    }

    private static float[] decode(FloatBlocks layout, byte[] block) {
        float[] numbers = new float[layout.blockWeights()];
        layout.decodeBlock(MemorySegment.ofArray(block), numbers, 0);
        return numbers;
    }

    @Test
    void readsQ8() {
        byte[] block = HEX.parseHex("0038" + "00017f80ff" + "00".repeat(26) + "05");
        float[] numbers = decode(Packings.Q8_0, block);
        assertThat(Arrays.copyOf(numbers, 6)).containsExactly(0, 0.5f, 63.5f, -64, -0.5f, 0);
        assertThat(numbers[31]).isEqualTo(2.5f);
    }

    /// The low nibbles come first: byte 0 holds numbers 0 and 16.
    @Test
    void readsQ4() {
        byte[] block = HEX.parseHex("00bc" + "f0" + "08" + "88".repeat(13) + "1e");
        float[] numbers = decode(Packings.Q4_0, block);
        assertThat(numbers[0]).isEqualTo(8);
        assertThat(numbers[16]).isEqualTo(-7);
        assertThat(numbers[1]).isZero();
        assertThat(numbers[17]).isEqualTo(8);
        assertThat(numbers[15]).isEqualTo(-6);
        assertThat(numbers[31]).isEqualTo(7);
    }

    /// Every code in every place, with a scale of 0.25 and 16 different inner scales.
    @Test
    void readsEveryCodeOfQ6() {
        for (int code = 0; code < 64; code++) {
            for (int number = 0; number < 256; number++) {
                byte[] block = new byte[210];
                block[209] = 0x34;
                for (int i = 0; i < 16; i++) {
                    block[192 + i] = (byte) (i % 2 == 0 ? i + 1 : -8 * i - 8);
                }
                int half = number / 128;
                int quarter = number % 128 / 32;
                int m = number % 32;
                block[64 * half + (quarter == 1 || quarter == 3 ? 32 : 0) + m] = (byte) ((code & 15) << (quarter >= 2
                        ? 4
                        : 0));
                block[128 + 32 * half + m] = (byte) (code >> 4 << 2 * quarter);
                float inner = block[192 + number / 16];
                assertThat(decode(Packings.Q6_K, block)[number]).isEqualTo(0.25f * inner * (code - 32));
            }
        }
    }

    /// What neighbours hold does not matter: random blocks, against the formula for a single number.
    @Test
    void readsQ6AmongItsNeighbours() {
        byte[] block = new byte[210];
        new Random(6).nextBytes(block);
        block[208] = 0;
        block[209] = 0x3c;
        float[] numbers = decode(Packings.Q6_K, block);
        for (int i = 0; i < 256; i++) {
            int lower = block[i / 128 * 64 + i % 64] >> (i % 128 < 64 ? 0 : 4) & 15;
            int upper = block[128 + i / 128 * 32 + i % 32] >> i % 128 / 32 * 2 & 3;
            assertThat(numbers[i]).isEqualTo(block[192 + i / 16] * (float) (16 * upper + lower - 32));
        }
    }

    @Test
    void readsTwoAsAFourthValue() {
        byte[] block = HEX.parseHex("0038" + "e4" + "55".repeat(15));
        float[] numbers = decode((FloatBlocks) Packings.Q2_0, block);
        assertThat(Arrays.copyOf(numbers, 5)).containsExactly(-0.5f, 0, 0.5f, 1, 0);
        assertThatThrownBy(() -> Packings.Q2_0.decode(MemorySegment.ofArray(block), 1, 64, new float[0]))
                .isInstanceOf(NotTernaryException.class);
    }

    @Test
    void code3IsNoNumberElsewhere() {
        byte[] block = new byte[66];
        block[7] = 3;
        assertThatThrownBy(() -> decode((FloatBlocks) Packings.TQ2_0, block))
                .isInstanceOf(IllegalArgumentException.class).isNotInstanceOf(NotTernaryException.class)
                .hasMessageContaining("TQ2_0: code 3");
    }

    /// Ternary layouts give as numbers what they give as a matrix, each block with its own scale.
    @Test
    void ternaryBlocksAreTheirTritsTimesTheirScales() {
        for (Packing packing : Packings.ALL) {
            if (packing instanceof FloatBlocks layout) {
                int columns = 2 * packing.columnMultiple();
                byte[] trits = new byte[columns];
                for (int i = 0; i < columns; i++) {
                    trits[i] = (byte) (packing == Packings.Q1_0 ? i % 3 / 2 * 2 - 1 : i * i % 7 % 3 - 1);
                }
                byte[] packed = new byte[2 * layout.blockBytes()];
                TernaryMatrix matrix = new TernaryMatrix(2, columns / 2, trits, new float[] {0.5f, 3});
                packing.encode(matrix, MemorySegment.ofArray(packed));
                float[] numbers = new float[columns];
                layout.decode(MemorySegment.ofArray(packed), MemorySegment.ofArray(numbers));
                for (int i = 0; i < columns; i++) {
                    assertThat(numbers[i]).as("%s, %d", packing.name(), i)
                            .isEqualTo(trits[i] * (i < columns / 2 ? 0.5f : 3) + 0f);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void readsNeitherMoreNorLess(FloatBlocks layout) {
        MemorySegment target = MemorySegment.ofArray(new float[2 * layout.blockWeights()]);
        MemorySegment blocks = MemorySegment.ofArray(new byte[2 * layout.blockBytes()]);
        layout.decode(blocks, target);
        assertThatThrownBy(() -> layout.decode(blocks.asSlice(1), target))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("blocks of " + layout.blockBytes());
        assertThatThrownBy(() -> layout.decodeBlock(blocks.asSlice(0, layout.blockBytes() - 1),
                new float[layout.blockWeights()], 0)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(target.toArray(ValueLayout.JAVA_FLOAT)).hasSize(2 * layout.blockWeights());
    }
}
