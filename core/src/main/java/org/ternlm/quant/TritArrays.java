package org.ternlm.quant;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Arrays for the weights of matrices that are read one after the other, each needed only until the next one of its size. A
/// model has few shapes and many matrices: without this, reading it leaves as many bytes of garbage as it has weights, and
/// a heap that nobody needs afterwards.
public final class TritArrays {
    private static final ScopedValue<TritArrays> HERE = ScopedValue.newInstance();

    private final Map<Integer, byte[]> arrays = new HashMap<>();

    private TritArrays() {}

    /// Runs `task`. Of matrices that it decodes in this thread, all of one size share an array, so each is good until
    /// the next of its size is decoded.
    public static void reusing(Runnable task) {
        ScopedValue.where(HERE, new TritArrays()).run(task);
    }

    /// An array of `size` zeros.
    static byte[] take(int size) {
        if (!HERE.isBound()) {
            return new byte[size];
        }
        byte[] array = HERE.get().arrays.computeIfAbsent(size, byte[]::new);
        Arrays.fill(array, (byte) 0);
        return array;
    }
}
