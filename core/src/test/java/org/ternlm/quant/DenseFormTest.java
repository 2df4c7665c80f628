package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.ternlm.tensor.DType;

/// Rows of weights in every form.
class DenseFormTest {

    private static String hex(DenseForm form, float... weights) {
        byte[] bytes = new byte[(int) form.bytes(weights.length)];
        form.encode(weights, 0, weights.length, MemorySegment.ofArray(bytes));
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void plainNumbersByHand() {
        assertThat(hex(DenseForm.F32, 1, -2.5f)).isEqualTo("0000803f" + "000020c0");
        assertThat(hex(DenseForm.F16, 1, -2.5f, 0x1p-24f, 1e-9f)).isEqualTo("003c" + "00c1" + "0100" + "0000");
        assertThat(hex(DenseForm.BF16, 1, -2.5f, 0x1.01p0f, 0x1.03p0f)).as("ties to even")
                .isEqualTo("803f" + "20c0" + "803f" + "823f");
    }

    /// The largest is 254, so a step is 2: 1 and 5 lie on ties, which go to even.
    @Test
    void rowsOfInt8ByHand() {
        byte[] q = new byte[8];
        float scale = RowAbsMax.quantize(new float[] {9, -254, 254, 1, 5, -1, 2, 0}, 1, 7, q, 1);
        assertThat(scale).isEqualTo(2);
        assertThat(q).containsExactly(0, -127, 127, 0, 2, 0, 1, 0);
    }

    @Test
    void rowsOfAnySizeHaveAPositiveScale() {
        for (float size : new float[] {0, Float.MIN_VALUE, Float.MIN_NORMAL, 1e-30f, 0.02f, Float.MAX_VALUE}) {
            float[] weights = {size, -size, size / 2, size / 300, 0};
            byte[] q = new byte[5];
            float scale = RowAbsMax.quantize(weights, 0, 5, q, 0);
            assertThat(scale).isGreaterThanOrEqualTo(Float.MIN_NORMAL).isFinite();
            for (int i = 0; i < 5; i++) {
                assertThat(Math.abs((double) q[i] * scale - weights[i])).as("%s", weights[i])
                        .isLessThanOrEqualTo(scale * 0.50001);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = "Q6_K", mode = EnumSource.Mode.EXCLUDE)
    void whatWasDecodedEncodesToTheSameBytes(DenseForm form) {
        Random random = new Random(7);
        float[] weights = new float[96];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (float) random.nextGaussian() * 0.02f;
        }
        byte[] once = new byte[(int) form.bytes(96)];
        float scale = form.encode(weights, 0, 96, MemorySegment.ofArray(once));
        float[] decoded = new float[98];
        form.decode(MemorySegment.ofArray(once), decoded, 2, 96);
        for (int i = 0; i < 96; i++) {
            decoded[2 + i] *= scale;
            assertThat(decoded[2 + i]).isCloseTo(weights[i], org.assertj.core.api.Assertions.within(0.01f));
        }
        byte[] twice = new byte[once.length];
        assertThat(form.encode(decoded, 2, 96, MemorySegment.ofArray(twice))).isEqualTo(scale);
        assertThat(twice).isEqualTo(once);
    }

    @ParameterizedTest
    @EnumSource
    void refusesWhatIsNotFinite(DenseForm form) {
        float[] weights = new float[256];
        MemorySegment target = MemorySegment.ofArray(new byte[1024]);
        for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
            weights[31] = bad;
            assertThatThrownBy(() -> form.encode(weights, 0, 256, target)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining(form == DenseForm.Q6_K ? "read only" : "found " + bad);
        }
    }

    @Test
    void refusesWhatIsBeyondAForm() {
        assertThatThrownBy(() -> hex(DenseForm.F16, 65520)).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("F16").hasMessageContaining("65520");
        assertThatThrownBy(() -> hex(DenseForm.BF16, Float.MAX_VALUE)).isInstanceOf(IllegalArgumentException.class);
        assertThat(hex(DenseForm.F16, 65519)).isEqualTo("ff7b");
    }

    @Test
    void countsBytes() {
        assertThat(DenseForm.Q4_0.bytes(4096)).isEqualTo(2304);
        assertThat(DenseForm.Q8_0.bytes(4096)).isEqualTo(4352);
        assertThat(DenseForm.Q6_K.bytes(4096)).isEqualTo(3360);
        assertThat(DenseForm.I8.bytes(1L << 40)).isEqualTo(1L << 40);
        assertThatThrownBy(() -> DenseForm.Q4_0.bytes(48)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Q4_0: expected a multiple of 32 columns, found 48");
    }

    @Test
    void knowsItsTypesAndBlocks() {
        assertThat(Arrays.stream(DType.values()).flatMap(type -> DenseForm.of(type).stream()))
                .containsExactly(DenseForm.F32, DenseForm.F16, DenseForm.BF16);
        assertThat(DenseForm.of(Packings.Q6_K)).contains(DenseForm.Q6_K);
        assertThat(DenseForm.of((FloatBlocks) Packings.TQ2_0)).isEmpty();
    }
}
