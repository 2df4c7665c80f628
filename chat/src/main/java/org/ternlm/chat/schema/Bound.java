package org.ternlm.chat.schema;

import java.math.BigDecimal;

/// One end of a range of numbers.
record Bound(BigDecimal value, boolean exclusive) {
    Bound negated() {
        return new Bound(value.negate(), exclusive);
    }

    /// The one that leaves fewer numbers above it.
    Bound higher(Bound other) {
        int comparison = value.compareTo(other.value);
        return comparison > 0 || comparison == 0 && exclusive ? this : other;
    }

    /// The one that leaves fewer numbers below it.
    Bound lower(Bound other) {
        int comparison = value.compareTo(other.value);
        return comparison < 0 || comparison == 0 && exclusive ? this : other;
    }
}
