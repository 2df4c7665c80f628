package org.ternlm.compare.figure;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// What is best for what it costs.
public final class Frontier {
    private Frontier() {}

    /// Those that nothing beats in one respect without being worse in the other, the cheapest first.
    ///
    /// @param cost the less, the better
    /// @param loss the less, the better
    public static <T> List<T> of(List<T> all, ToDoubleFunction<T> cost, ToDoubleFunction<T> loss) {
        List<T> best = new ArrayList<>();
        all.stream().sorted(Comparator.comparingDouble(cost).thenComparingDouble(loss)).forEach(one -> {
            if (best.isEmpty() || loss.applyAsDouble(one) < loss.applyAsDouble(best.getLast())) {
                best.add(one);
            }
        });
        return best;
    }
}
