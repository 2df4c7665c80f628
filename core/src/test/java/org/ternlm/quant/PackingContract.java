package org.ternlm.quant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What holds for every packing. A layout's own test says where a weight lies, in a formula of its own.
abstract class PackingContract {

    private static final int[] ROWS = {1, 2, 3, 5, 8, 31, 32, 33, 65};
    private static final int[] MULTIPLES = {1, 2, 3, 5};
    private static final int[] COLUMNS = {1, 2, 7, 8, 9, 13, 64, 65, 200};
    private static final int GUARD = 13;

    /// Exact as a half and as a float.
    static final float SCALE = 0.75f;

    private final Packing packing;
    private final int[] trits;

    /// @param trits the weights that the layout can hold
    PackingContract(Packing packing, int... trits) {
        this.packing = packing;
        this.trits = trits;
    }

    /// The bits of one weight, by a formula from the specification.
    abstract int codeAt(byte[] packed, int rows, int columns, int row, int column);

    /// What [#codeAt] is for `trit`.
    int codeOf(int trit) {
        return trit + 1;
    }

    @Test
    void returnsWhatWasPacked() {
        for (TernaryMatrix matrix : matrices()) {
            assertThat(decode(encode(matrix), matrix.rows(), matrix.columns())).as("%s", matrix).isEqualTo(matrix);
        }
    }

    @Test
    void putsEveryWeightInItsPlace() {
        for (TernaryMatrix matrix : matrices()) {
            byte[] packed = encode(matrix);
            for (int row = 0; row < matrix.rows(); row++) {
                for (int column = 0; column < matrix.columns(); column++) {
                    int code = codeAt(packed, matrix.rows(), matrix.columns(), row, column);
                    if (code != codeOf(matrix.trit(row, column))) {
                        throw new AssertionError("%s: row %d, column %d: code %d for %d".formatted(matrix, row, column,
                                code, matrix.trit(row, column)));
                    }
                }
            }
        }
    }

    @Test
    void writesEveryByteAndNoOther() {
        for (TernaryMatrix matrix : matrices()) {
            byte[] packed = encode(matrix);
            for (int background : new int[] {0x00, 0xff, 0x5a}) {
                byte[] memory = new byte[packed.length + 2 * GUARD];
                Arrays.fill(memory, (byte) background);
                byte[] expected = memory.clone();
                System.arraycopy(packed, 0, expected, GUARD, packed.length);
                packing.encode(matrix, MemorySegment.ofArray(memory).asSlice(GUARD));
                assertThat(memory).as("%s", matrix).isEqualTo(expected);
            }
        }
    }

    @Test
    void readsWhereTheSegmentStarts() {
        TernaryMatrix matrix = matrices().getLast();
        byte[] packed = encode(matrix);
        byte[] memory = new byte[packed.length + 2 * GUARD];
        Arrays.fill(memory, (byte) 0xff);
        System.arraycopy(packed, 0, memory, GUARD, packed.length);
        assertThat(packing.decode(MemorySegment.ofArray(memory).asSlice(GUARD), matrix.rows(), matrix.columns(),
                new float[] {SCALE})).isEqualTo(matrix);
    }

    @Test
    void refusesMemoryThatIsTooSmall() {
        TernaryMatrix matrix = matrices().getLast();
        byte[] packed = encode(matrix);
        for (int length : new int[] {0, 1, packed.length - 1}) {
            MemorySegment small = MemorySegment.ofArray(Arrays.copyOf(packed, length));
            assertThatThrownBy(() -> packing.encode(matrix, small)).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(packing.name(), packed.length + " bytes", "found " + length);
            assertThatThrownBy(() -> packing.decode(small, matrix.rows(), matrix.columns(), new float[] {1}))
                    .isInstanceOf(IllegalArgumentException.class).hasMessageContainingAll(packing.name(), packed.length
                            + " bytes", "found " + length);
        }
    }

    @Test
    void refusesShapesThatDoNotFit() {
        List<int[]> shapes = new ArrayList<>(List.of(new int[] {0, packing.columnMultiple()}, new int[] {1, 0},
                new int[] {-1, packing.columnMultiple()}, new int[] {1, -packing.columnMultiple()}));
        if (packing.columnMultiple() > 1) {
            shapes.add(new int[] {1, 1});
            shapes.add(new int[] {1, packing.columnMultiple() - 1});
            shapes.add(new int[] {3, packing.columnMultiple() * 2 + 1});
        }
        MemorySegment memory = MemorySegment.ofArray(new byte[10_000]);
        for (int[] shape : shapes) {
            assertThatThrownBy(() -> packing.byteSize(shape[0], shape[1])).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContainingAll(packing.name(), "found %d × %d".formatted(shape[0], shape[1]));
            assertThatThrownBy(() -> packing.decode(memory, shape[0], shape[1], new float[] {1})).isInstanceOf(
                    IllegalArgumentException.class);
        }
    }

    @Test
    void sizesTheLargestShapeExactly() {
        int rows = Integer.MAX_VALUE / 256 * 256;
        int columns = Integer.MAX_VALUE / 256 * 256;
        double bits = (double) packing.byteSize(rows, columns) / rows / columns * 8;
        assertThat(bits).isBetween(packing.bitsPerWeight() * 0.99, packing.bitsPerWeight() * (1 + 1e-8));
        assertThat(packing.byteSize(Integer.MAX_VALUE / packing.rowMultiple() * packing.rowMultiple(), columns))
                .isGreaterThanOrEqualTo(packing.byteSize(rows, columns));
        assertThatThrownBy(() -> decode(new byte[10], rows, columns)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void makesAMatrixOfGarbageOrRefusesIt() {
        Random random = new Random(7);
        for (int attempt = 0; attempt < 500; attempt++) {
            int rows = packing.rowMultiple() * (1 + random.nextInt(3));
            int columns = packing.columnMultiple() * (1 + random.nextInt(2));
            byte[] garbage = new byte[Math.toIntExact(packing.byteSize(rows, columns))];
            random.nextBytes(garbage);
            try {
                TernaryMatrix matrix = decode(garbage, rows, columns);
                assertThat(matrix.trits()).hasSize(rows * columns);
            } catch (IllegalArgumentException refusal) {
                assertThat(refusal).hasMessageContaining(packing.name());
            }
        }
    }

    @Test
    void refusesToReadMoreScalesThanRows() {
        if (!packing.holdsScales()) {
            byte[] packed = encode(constant(2, packing.columnMultiple(), 1));
            assertThatThrownBy(() -> packing.decode(MemorySegment.ofArray(packed), 2, packing.columnMultiple(),
                    new float[3])).isInstanceOf(IllegalArgumentException.class);
        }
    }

    @Test
    void hasAnUnmistakableName() {
        assertThat(Packings.ALL.stream().filter(other -> other.name().equals(packing.name()))).containsExactly(packing);
    }

    private List<TernaryMatrix> matrices() {
        List<TernaryMatrix> matrices = new ArrayList<>();
        Random random = new Random(42);
        for (int anyRows : ROWS) {
            int rows = Math.ceilDiv(anyRows, packing.rowMultiple()) * packing.rowMultiple();
            for (int columns : columns()) {
                for (int trit : trits) {
                    matrices.add(constant(rows, columns, trit));
                }
                byte[] weights = new byte[rows * columns];
                for (int i = 0; i < weights.length; i++) {
                    weights[i] = (byte) trits[random.nextInt(trits.length)];
                }
                matrices.add(new TernaryMatrix(rows, columns, weights, SCALE));
            }
        }
        return matrices;
    }

    private int[] columns() {
        return packing.columnMultiple() == 1
                ? COLUMNS
                : Arrays.stream(MULTIPLES).map(i -> i * packing.columnMultiple())
                        .toArray();
    }

    byte[] encode(TernaryMatrix matrix) {
        byte[] packed = new byte[Math.toIntExact(packing.byteSize(matrix.rows(), matrix.columns()))];
        packing.encode(matrix, MemorySegment.ofArray(packed));
        return packed;
    }

    TernaryMatrix decode(byte[] packed, int rows, int columns) {
        return packing.decode(MemorySegment.ofArray(packed), rows, columns, new float[] {SCALE});
    }

    static TernaryMatrix constant(int rows, int columns, int trit) {
        byte[] weights = new byte[rows * columns];
        Arrays.fill(weights, (byte) trit);
        return new TernaryMatrix(rows, columns, weights, SCALE);
    }

    /// The matrix of the golden bytes: weight `i` has the code `(i·i + i/5) mod 7 mod 3`.
    ///
    /// The bytes were made with numpy by an encoder of its own (reshape, shift, sum), from the layouts as they are
    /// specified; those of TQ1_0, TQ2_0 and I2_S were read back by a numpy decoder that agrees with files written by the
    /// peers' own tools.
    static TernaryMatrix golden(int rows, int columns) {
        byte[] weights = new byte[rows * columns];
        for (int i = 0; i < weights.length; i++) {
            weights[i] = (byte) ((i * i + i / 5) % 7 % 3 - 1);
        }
        return new TernaryMatrix(rows, columns, weights, SCALE);
    }

    /// The two bits of `value` from `shift` on.
    static int twoBits(byte value, int shift) {
        return value >> shift & 0b11;
    }
}
