package org.ternlm.train.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.LongFunction;

/// What is computed once an epoch and needed for each of its windows; the last few are kept. Safe to share between
/// threads.
final class Epochs<T> {
    private static final int KEPT = 3;

    private final LongFunction<T> make;
    private final Map<Long, T> kept = new LinkedHashMap<>();

    Epochs(LongFunction<T> make) {
        this.make = make;
    }

    synchronized T get(long epoch) {
        T known = kept.get(epoch);
        if (known == null) {
            known = make.apply(epoch);
            if (kept.size() == KEPT) {
                kept.remove(kept.keySet().iterator().next());
            }
            kept.put(epoch, known);
        }
        return known;
    }
}
