package org.ternlm.chat.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/// Numbers of a range.
///
/// @param whole whether only integers
record Numbers(boolean whole, Optional<Bound> low, Optional<Bound> high) implements Branch {
    static final Numbers ANY = new Numbers(false, Optional.empty(), Optional.empty());

    Numbers and(Numbers other) {
        return new Numbers(whole || other.whole,
                low.isPresent() && other.low.isPresent()
                        ? Optional.of(low.get().higher(other.low.get()))
                        : low.or(() -> other.low),
                high.isPresent() && other.high.isPresent()
                        ? Optional.of(high.get().lower(other.high.get()))
                        : high.or(() -> other.high));
    }

    boolean contains(BigDecimal number) {
        boolean fits = !whole || number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
        if (low.isPresent()) {
            int comparison = number.compareTo(low.get().value());
            fits &= low.get().exclusive() ? comparison > 0 : comparison >= 0;
        }
        if (high.isPresent()) {
            int comparison = number.compareTo(high.get().value());
            fits &= high.get().exclusive() ? comparison < 0 : comparison <= 0;
        }
        return fits;
    }

    /// Whether no number at all is in the range.
    boolean isEmpty() {
        if (low.isEmpty() || high.isEmpty()) {
            return false;
        }
        BigDecimal least = low.get().value();
        BigDecimal most = high.get().value();
        boolean open = low.get().exclusive() || high.get().exclusive();
        if (whole) {
            least = least.setScale(0, RoundingMode.CEILING);
            most = most.setScale(0, RoundingMode.FLOOR);
            least = low.get().exclusive() && least.compareTo(low.get().value()) == 0
                    ? least.add(BigDecimal.ONE)
                    : least;
            most = high.get().exclusive() && most.compareTo(high.get().value()) == 0
                    ? most.subtract(BigDecimal.ONE)
                    : most;
            open = false;
        }
        int comparison = least.compareTo(most);
        return comparison > 0 || comparison == 0 && open;
    }
}
