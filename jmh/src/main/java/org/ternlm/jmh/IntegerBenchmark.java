package org.ternlm.jmh;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.ternlm.kernel.IntegerInput;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.IntegerForm;
import org.ternlm.quant.IntegerMatrix;

/// Rounded output heads × int8 activations, shared by threads as a model does it, activations rounded before. The codes are
/// zeros: no kernel looks at them.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class IntegerBenchmark extends OperatorBenchmark {
    /// As `IntegerLinear` shares a matrix.
    private static final int GRAIN = 4;

    /// What a weight is.
    @Param({"INT8", "INT4"})
    public IntegerForm form;

    /// Rows and columns.
    @Param("32000x2560")
    public String shape;

    /// Tokens a call.
    @Param({"1", "4", "16"})
    public int tokens;

    /// Where the weights lie.
    @Param({"CACHE", "MEMORY"})
    public Residence weights;

    private final List<IntegerMatrix> matrices = new ArrayList<>();
    private ShapeOfMatrix named;
    private IntegerInput input;
    private float[] y;
    private int next;

    @Override
    void prepare(Kernels opened, Arena memory) {
        named = ShapeOfMatrix.named(shape);
        float[] rowScales = new float[named.rows()];
        Arrays.fill(rowScales, 1);
        long bytes = form.bytes(named.rows(), named.columns());
        for (int i = 0; i < weights.matrices(bytes); i++) {
            // Written once: pages of zeros that nobody wrote are one page in the cache.
            MemorySegment data = memory.allocate(bytes, 64).fill((byte) 0);
            matrices.add(new IntegerMatrix(form, named.rows(), named.columns(), data, rowScales));
        }
        float[] x = random(tokens * named.columns());
        input = new IntegerInput(form, x, tokens, named.columns(), opened.floats());
        y = new float[tokens * named.rows()];
    }

    /// One matrix, all tokens.
    @Benchmark
    public float[] multiply(Rates rates) {
        IntegerMatrix matrix = matrices.get(next);
        next = (next + 1) % matrices.size();
        kernels().workers().share(matrix.blocks(), GRAIN, (long) IntegerForm.BLOCK_ROWS * named.columns() * tokens,
                (from, to) -> kernels().integers().multiply(matrix, from, to, input, y));
        rates.add(named.weights() * tokens, matrix.byteSize());
        return y;
    }
}
