package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Rounding to blocks: by hand, by the error that it may make, and by what cannot be said in them.
class RoundingBlocksTest {
    private static final int COUNT = 64;

    private final Random random = new Random(40);

    static List<RoundingBlocks> all() {
        return List.of(Packings.Q4_0, Packings.Q8_0);
    }

    private static byte[] encode(RoundingBlocks layout, float... numbers) {
        float[] block = Arrays.copyOf(numbers, Math.ceilDiv(numbers.length, 32) * 32);
        byte[] bytes = new byte[block.length / 32 * layout.blockBytes()];
        layout.encode(block, 0, block.length, MemorySegment.ofArray(bytes));
        return bytes;
    }

    private static float[] decode(RoundingBlocks layout, byte[] bytes) {
        float[] numbers = new float[bytes.length / layout.blockBytes() * 32];
        layout.decode(MemorySegment.ofArray(bytes), MemorySegment.ofArray(numbers));
        return numbers;
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    /// 8 gives the scale -1, so numbers turn their sign: 8 → -8 → nibble 0; 0.5 → -0.5, upwards to 0 → nibble 8;
    /// -8 → 8 → clipped to nibble 15. Number 16 is the upper half of byte 0.
    @Test
    void roundsToFourBitsByTheExtreme() {
        float[] numbers = new float[32];
        System.arraycopy(new float[] {8, 0.5f, -8, 3, -0.5f}, 0, numbers, 0, 5);
        numbers[16] = -1;
        assertThat(hex(encode(Packings.Q4_0, numbers))).isEqualTo("00bc" + "90" + "88" + "8f" + "85" + "89"
                + "88".repeat(11));
        numbers[0] = -8.5f;
        assertThat(hex(encode(Packings.Q4_0, numbers))).as("-8.5 gives the scale 1.0625").startsWith("403c" + "70");
    }

    /// Of two extremes the first decides.
    @Test
    void takesTheFirstOfTwoExtremes() {
        assertThat(hex(encode(Packings.Q4_0, 4, -4))).startsWith("00b8" + "80" + "8f");
        assertThat(hex(encode(Packings.Q4_0, -4, 4))).startsWith("0038" + "80" + "8f");
    }

    /// 63.5 / 127 = 0.5, a half is 0x3800; ties go away from zero.
    @Test
    void roundsToEightBitsAwayFromZero() {
        assertThat(hex(encode(Packings.Q8_0, 63.5f, -63.5f, 0.25f, -0.25f, 0.2f, 1.25f, -1.25f)))
                .isEqualTo("0038" + "7f81" + "01ff" + "00" + "03fd" + "00".repeat(25));
    }

    @Test
    void zerosStayZeros() {
        assertThat(hex(encode(Packings.Q8_0, 0, -0f))).isEqualTo("00".repeat(34));
        assertThat(hex(encode(Packings.Q4_0, 0))).as("0 / -8 is -0").isEqualTo("0080" + "88".repeat(16));
    }

    /// What no scale can reach becomes zero, and no division by zero shows.
    @ParameterizedTest
    @MethodSource("all")
    void numbersBelowTheSmallestScaleBecomeZero(RoundingBlocks layout) {
        for (float tiny : new float[] {Float.MIN_VALUE, Float.MIN_NORMAL, 1e-30f, 1e-8f}) {
            byte[] bytes = encode(layout, tiny, -tiny, tiny / 2);
            assertZeros(decode(layout, bytes));
            assertZeros(decode(layout, encode(layout, decode(layout, bytes))));
        }
    }

    private static void assertZeros(float[] numbers) {
        for (float number : numbers) {
            assertThat(number + 0f).isZero();
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void errsByHalfAStepAndTheRoundingOfTheScale(RoundingBlocks layout) {
        for (float size : new float[] {1e-5f, 0.02f, 1, 3e4f}) {
            float[] numbers = random(size);
            float[] decoded = decode(layout, encode(layout, numbers));
            for (int block = 0; block < COUNT; block += 32) {
                float extreme = RoundingBlocks.extreme(layout, numbers, block);
                double steps = layout == Packings.Q4_0 ? 8 : 127;
                double step = Math.abs(extreme) / steps;
                // A half has 11 bits, or the unit 2⁻²⁴.
                double scaleError = Math.max(step * 0x1p-11, 0x1p-25) * steps;
                for (int i = block; i < block + 32; i++) {
                    boolean clipped = layout == Packings.Q4_0 && -numbers[i] / extreme * 8 > 7.5;
                    double allowed = step * (clipped ? 1 : 0.5) + scaleError;
                    assertThat(Math.abs((double) decoded[i] - numbers[i])).as("%s of %s", numbers[i], extreme)
                            .isLessThanOrEqualTo(allowed * 1.0001);
                }
            }
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void whatWasDecodedEncodesToTheSameBytes(RoundingBlocks layout) {
        for (float size : new float[] {1e-6f, 1e-5f, 0.02f, 1, 3e4f}) {
            byte[] bytes = encode(layout, random(size));
            assertThat(encode(layout, decode(layout, bytes))).as("size %s", size).isEqualTo(bytes);
        }
    }

    @ParameterizedTest
    @MethodSource("all")
    void refusesWhatHasNoScale(RoundingBlocks layout) {
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            assertThatThrownBy(() -> encode(layout, 0, bad)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("%s: expected finite numbers, found %s", layout.name(), bad);
        }
        assertThatThrownBy(() -> encode(layout, 0, 1e30f)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("does not fit a half");
        assertThatThrownBy(() -> layout.encode(new float[40], 0, 40, MemorySegment.ofArray(new byte[99])))
                .isInstanceOf(IllegalArgumentException.class).hasMessageContaining("blocks of 32 numbers, found 40");
        assertThatThrownBy(() -> layout.encode(new float[40], 9, 32, MemorySegment.ofArray(new byte[99])))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }

    private float[] random(float size) {
        float[] numbers = new float[COUNT];
        for (int i = 0; i < COUNT; i++) {
            numbers[i] = size * (float) random.nextGaussian();
        }
        return numbers;
    }
}
