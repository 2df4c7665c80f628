package org.ternlm.tensor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TensorTest {
    private static Tensor tensor(DType type, String littleEndian, long... dimensions) {
        byte[] bytes = HexFormat.of().parseHex(littleEndian);
        return new Tensor("w", type, new Shape(dimensions), MemorySegment.ofArray(bytes));
    }

    @ParameterizedTest
    @CsvSource({"F32, 0000803f000000c0", "F16, 003c00c0", "BF16, 803f00c0", "F64, 000000000000f03f00000000000000c0"})
    void readsEachFloatingPointTypeAsItIs(DType type, String bytes) {
        assertThat(tensor(type, bytes, 1, 2).floats()).containsExactly(1, -2);
        assertThat(tensor(type, bytes, 2).floatAt(1)).isEqualTo(-2);
    }

    @Test
    void refusesToReadOtherTypesAsNumbers() {
        assertThatThrownBy(() -> tensor(DType.U8, "01", 1).floatAt(0)).isInstanceOf(IllegalStateException.class)
                .hasMessage("w is U8");
    }

    @Test
    void refusesMemoryOfAnotherSize() {
        assertThatThrownBy(() -> tensor(DType.F32, "000000", 1)).isInstanceOf(IllegalArgumentException.class)
                .hasMessage("w: F32 [1] needs 4 bytes, found 3");
    }

    @Test
    void readsNothingBehindItsEnd() {
        assertThatThrownBy(() -> tensor(DType.F16, "003c", 1).floatAt(1))
                .isInstanceOf(IndexOutOfBoundsException.class);
    }
}
