package org.ternlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BFloat16Test {
    /// A float's lower 16 bits are what is rounded away: 0x8000 is the tie.
    @ParameterizedTest
    @CsvSource({"0x3F800000, 0x3F80", "0x3F807FFF, 0x3F80", "0x3F808000, 0x3F80", "0x3F808001, 0x3F81",
            "0x3F818000, 0x3F82", "0x3F817FFF, 0x3F81", "0xBF808000, 0xBF80", "0xBF818000, 0xBF82",
            "0x00000000, 0x0000", "0x80000000, 0x8000", "0x00008000, 0x0000", "0x00018000, 0x0002",
            "0x7F7F7FFF, 0x7F7F", "0x7F7F8000, 0x7F80", "0xFF7FFFFF, 0xFF80", "0x7F800000, 0x7F80"})
    void roundsHalfToEvenAndOverflowsToInfinity(String single, String brain) {
        float value = Float.intBitsToFloat(Long.decode(single).intValue());
        assertThat(BFloat16.fromFloat(value)).isEqualTo(Integer.decode(brain).shortValue());
    }

    @Test
    void keepsNaN() {
        for (int bits : new int[] {0x7FC00000, 0x7F800001, 0xFFFFFFFF, 0x7FFFFFFF, 0xFF800001}) {
            assertThat(BFloat16.toFloat(BFloat16.fromFloat(Float.intBitsToFloat(bits)))).isNaN();
        }
    }

    @Test
    void everyOneOfThemComesBack() {
        for (int bits = 0; bits < 1 << 16; bits++) {
            float value = BFloat16.toFloat((short) bits);
            if (!Float.isNaN(value)) {
                assertThat(BFloat16.fromFloat(value)).isEqualTo((short) bits);
            }
        }
        assertThat(BFloat16.toFloat((short) 0x3F80)).isEqualTo(1);
        assertThat(BFloat16.toFloat((short) 0xC0A0)).isEqualTo(-5);
    }
}
