package org.ternlm.jmh;

/// Where the weights of a benchmark lie.
public enum Residence {
    /// One matrix, again and again: in a cache if it fits.
    CACHE,
    /// Matrices one after the other, [#SET_BYTES] in all: as in a model, each comes from memory.
    MEMORY;

    /// More than the caches of today's processors.
    private static final long SET_BYTES = 640L << 20;

    /// How many matrices of so many bytes make the set.
    int matrices(long bytes) {
        return this == CACHE ? 1 : Math.toIntExact(Math.max(1, Math.ceilDiv(SET_BYTES, bytes)));
    }
}
