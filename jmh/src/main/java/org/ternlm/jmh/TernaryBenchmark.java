package org.ternlm.jmh;

import java.lang.foreign.Arena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.ternlm.kernel.Kernels;

/// Ternary matrix × int8 activations, shared by threads as a model does it.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
public class TernaryBenchmark extends OperatorBenchmark {
    /// Rows and columns.
    @Param({"2560x2560", "6912x2560", "2560x6912", "1536x4096"})
    public String shape;

    /// Tokens a call.
    @Param({"1", "4", "16", "64"})
    public int tokens;

    /// Where the weights lie.
    @Param({"CACHE", "MEMORY"})
    public Residence weights;

    private TernaryProducts products;
    private long each;

    @Override
    void prepare(Kernels opened, Arena memory) {
        ShapeOfMatrix named = ShapeOfMatrix.named(shape);
        products = new TernaryProducts(opened, named, tokens, weights, memory);
        each = named.weights() * tokens;
    }

    /// One matrix, all tokens.
    @Benchmark
    public int[] multiply(Rates rates) {
        int[] sums = products.multiply();
        rates.add(each, products.bytes());
        return sums;
    }
}
