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
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;

/// Real weights × float activations, shared by threads as a model does it. The weights are zeros: no kernel looks at
/// them.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class DenseBenchmark extends OperatorBenchmark {
    /// As `DenseLinear` shares a matrix.
    private static final int GRAIN = 16;

    /// How weights lie in memory.
    @Param({"F32", "F16", "BF16", "I8", "Q8_0", "Q6_K", "Q4_0"})
    public DenseForm form;

    /// Rows and columns.
    @Param("4096x2560")
    public String shape;

    /// Tokens a call.
    @Param({"1", "4", "16"})
    public int tokens;

    /// Where the weights lie.
    @Param({"CACHE", "MEMORY"})
    public Residence weights;

    private final List<DenseMatrix> matrices = new ArrayList<>();
    private ShapeOfMatrix named;
    private float[] x;
    private float[] y;
    private int next;

    @Override
    void prepare(Kernels opened, Arena memory) {
        named = ShapeOfMatrix.named(shape);
        float[] rowScales = new float[form.hasRowScales() ? named.rows() : 0];
        Arrays.fill(rowScales, 1);
        long bytes = named.rows() * form.bytes(named.columns());
        for (int i = 0; i < weights.matrices(bytes); i++) {
            // Written once: pages of zeros that nobody wrote are one page in the cache.
            MemorySegment data = memory.allocate(bytes, 64).fill((byte) 0);
            matrices.add(new DenseMatrix(form, named.rows(), named.columns(), data, rowScales));
        }
        x = random(tokens * named.columns());
        y = new float[tokens * named.rows()];
    }

    /// One matrix, all tokens.
    @Benchmark
    public float[] multiply(Rates rates) {
        DenseMatrix matrix = matrices.get(next);
        next = (next + 1) % matrices.size();
        kernels().workers().share(named.rows(), GRAIN, (long) named.columns() * tokens, (from, to) -> kernels().dense()
                .multiply(matrix, from, to, x, tokens, y));
        rates.add(named.weights() * tokens, matrix.byteSize());
        return y;
    }
}
