package org.ternlm.jmh;

import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/// What a benchmark does a second, beside its calls: JMH divides the sums by the time.
@AuxCounters(AuxCounters.Type.OPERATIONS)
@State(Scope.Thread)
public class Rates {
    /// Billions of products of a weight and an activation.
    public double gigaproducts;
    /// Billions of bytes of weights or floats that are read.
    public double gigabytes;

    /// Forgets what the last iteration counted.
    @Setup(Level.Iteration)
    public void clear() {
        gigaproducts = 0;
        gigabytes = 0;
    }

    /// After one call.
    void add(long products, long bytes) {
        gigaproducts += products * 1e-9;
        gigabytes += bytes * 1e-9;
    }
}
