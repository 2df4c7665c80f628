package org.ternlm.jmh;

import java.lang.foreign.Arena;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.TernaryKernel;

/// Ternary matrix × one token, some of whose activations are 0: the usual layout, and the one whose columns can be
/// skipped. `gigaproducts` count those with zeros too, so that the two can be compared.
@State(Scope.Benchmark)
@SuppressWarnings("NullAway.Init")
@Fork(value = 1, jvmArgsAppend = {"--add-modules", "jdk.incubator.vector", "-Dtern.sparse=on"})
public class SparseBenchmark extends OperatorBenchmark {
    /// Rows and columns of a down projection.
    @Param({"2560x6912", "1536x4096", "256x768"})
    public String shape;

    /// The share of activations that are not 0.
    @Param({"0.05", "0.1", "0.15", "0.2", "0.25", "0.3", "0.4", "0.5", "1"})
    public double density;

    /// Whether columns are skipped.
    @Param({"false", "true"})
    public boolean skips;

    /// Where the weights lie.
    @Param({"CACHE", "MEMORY"})
    public Residence weights;

    private TernaryProducts products;
    private long each;

    @Override
    void prepare(Kernels opened, Arena memory) {
        TernaryKernel kernel = skips ? opened.sparse() : opened.ternary();
        if (kernel == null) {
            throw new IllegalStateException("this processor has no kernel that skips columns");
        }
        ShapeOfMatrix named = ShapeOfMatrix.named(shape);
        products = new TernaryProducts(opened, kernel, named, 1, density, weights, memory);
        each = named.weights();
    }

    /// One matrix, one token.
    @Benchmark
    public int[] multiply(Rates rates) {
        int[] sums = products.multiply();
        rates.add(each, products.bytes());
        return sums;
    }
}
