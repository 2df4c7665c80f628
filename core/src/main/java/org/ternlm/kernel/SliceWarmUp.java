package org.ternlm.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Makes slices of memory until the compiler knows how.
///
/// Kernels view their memory through slices, whose length and class the compiler knows as long as it compiles the making of a
/// slice into the kernel. It does so only with methods that it has seen run often. Else a kernel asks at every access how long
/// the memory is and where, and stays several times slower for the life of the virtual machine. Whether a kernel was
/// compiled before enough slices had been made used to be chance.
final class SliceWarmUp {
    /// More than the last compiler waits for.
    private static final int SLICES = 20_000;
    private static final long BYTES = 64;

    private SliceWarmUp() {}

    /// A millisecond or two, before any kernel runs.
    static void run() {
        try (Arena arena = Arena.ofShared()) {
            MemorySegment memory = arena.allocate(2 * BYTES);
            long sum = 0;
            for (int i = 0; i < SLICES; i++) {
                sum += memory.asSlice(i % BYTES, BYTES).byteSize();
            }
            // Used, so that no compiler leaves the loop out.
            if (sum != SLICES * BYTES) {
                throw new AssertionError(sum);
            }
        }
    }
}
