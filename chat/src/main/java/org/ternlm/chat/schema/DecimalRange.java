package org.ternlm.chat.schema;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Builds the automaton of the decimal numbers between two bounds. Digits are compared from the left: as long as those
/// read equal those of a bound, the next one is bounded too.
final class DecimalRange {
    /// The most digits before the point.
    static final int DIGITS = 18;
    /// The most digits behind it.
    static final int DECIMALS = 17;
    private static final BigDecimal BEYOND = BigDecimal.TEN.pow(DIGITS);

    private final boolean whole;
    private final Nfa nfa = new Nfa(Nfa.MOST_BYTE_STATES);
    private final int end = nfa.state();

    private DecimalRange(boolean whole) {
        this.whole = whole;
        nfa.accept(end);
    }

    /// The bytes of all numbers in the range, those of more digits than [#DIGITS] and [#DECIMALS] excepted. Empty where
    /// there is none.
    static Dfa automaton(Numbers numbers) {
        DecimalRange range = new DecimalRange(numbers.whole());
        Bound low = numbers.low().orElse(new Bound(BEYOND.negate(), true));
        Bound high = numbers.high().orElse(new Bound(BEYOND, true));
        BigDecimal zero = BigDecimal.ZERO;
        if (high.value().signum() >= 0) {
            range.addMagnitudes(0, low.value().signum() < 0 ? new Bound(zero, false) : low, high);
        }
        if (low.value().signum() < 0) {
            int minus = range.nfa.state();
            range.nfa.edge(0, '-', '-', minus);
            Bound least = high.value().signum() >= 0 ? new Bound(zero, true) : high.negated();
            range.addMagnitudes(minus, least, low.negated());
        }
        return range.nfa.determinized();
    }

    private void addMagnitudes(int from, Bound low, Bound high) {
        Bound capped = high.value().compareTo(BEYOND) >= 0 ? new Bound(BEYOND, true) : high;
        Limit least = whole ? atLeast(low) : new Limit(low);
        Limit most = whole || capped.value().compareTo(BEYOND) == 0 && capped.exclusive()
                ? atMost(capped)
                : new Limit(capped);
        if (least.digits.length > DIGITS || most.isNegative()) {
            return;
        }
        Map<Fraction, Integer> fractions = new HashMap<>();
        for (int length = least.digits.length; length <= most.digits.length; length++) {
            addOfLength(from, length, least, most, fractions);
        }
    }

    private static Limit atLeast(Bound low) {
        BigDecimal up = low.value().setScale(0, RoundingMode.CEILING);
        boolean next = low.exclusive() && up.compareTo(low.value()) == 0;
        return new Limit(new Bound(next ? up.add(BigDecimal.ONE) : up, false));
    }

    /// For fractions too where the bound is the largest number of digits: what is behind the point does not count then.
    private Limit atMost(Bound high) {
        BigDecimal down = high.value().setScale(0, RoundingMode.FLOOR);
        boolean previous = high.exclusive() && down.compareTo(high.value()) == 0;
        BigDecimal last = previous ? down.subtract(BigDecimal.ONE) : down;
        if (whole) {
            return new Limit(new Bound(last, false));
        }
        int[] nines = new int[DECIMALS];
        Arrays.fill(nines, 9);
        return new Limit(digits(last.toBigInteger().toString()), nines, false, false);
    }

    private static int[] digits(String text) {
        return text.chars().map(c -> c - '0').toArray();
    }

    /// A bound as digits before and behind the point.
    private record Limit(int[] digits, int[] decimals, boolean exclusive, boolean isNegative) {
        Limit(Bound bound) {
            this(DecimalRange.digits(bound.value().abs().toBigInteger().toString()), decimals(bound.value().abs()),
                    bound.exclusive(), bound.value().signum() < 0);
        }

        private static int[] decimals(BigDecimal value) {
            String plain = value.stripTrailingZeros().toPlainString();
            int point = plain.indexOf('.');
            return point < 0 ? new int[0] : DecimalRange.digits(plain.substring(point + 1));
        }

        int decimal(int place) {
            return place < decimals.length ? decimals[place] : 0;
        }

        /// Whether it equals its first `count` decimals.
        boolean endsBy(int count) {
            return decimals.length <= count;
        }
    }

    private record Fraction(int place, boolean atLeast, boolean atMost) {}

    private void addOfLength(int from, int length, Limit least, Limit most, Map<Fraction, Integer> fractions) {
        Map<Fraction, Integer> level = new HashMap<>();
        level.put(new Fraction(0, length == least.digits.length, length == most.digits.length), from);
        for (int place = 0; place < length; place++) {
            Map<Fraction, Integer> following = new HashMap<>();
            for (Map.Entry<Fraction, Integer> entry : level.entrySet()) {
                int first = place == 0 && length > 1 ? 1 : 0;
                for (int digit = first; digit <= 9; digit++) {
                    addDigit(entry, digit, least.digits[Math.min(place, least.digits.length - 1)],
                            most.digits[Math.min(place, most.digits.length - 1)], following);
                }
            }
            level = following;
        }
        for (Map.Entry<Fraction, Integer> entry : level.entrySet()) {
            Fraction start = new Fraction(0, entry.getKey().atLeast, entry.getKey().atMost);
            endHere(start, entry.getValue(), least, most);
            if (!whole) {
                int point = fractions.computeIfAbsent(start, key -> addFractions(key, least, most));
                nfa.edge(entry.getValue(), '.', '.', point);
            }
        }
    }

    private void addDigit(Map.Entry<Fraction, Integer> from, int digit, int least, int most,
            Map<Fraction, Integer> following) {
        Fraction state = from.getKey();
        if (state.atLeast && digit < least || state.atMost && digit > most) {
            return;
        }
        Fraction next = new Fraction(state.place + 1, state.atLeast && digit == least, state.atMost && digit == most);
        int to = following.computeIfAbsent(next, _ -> nfa.state());
        nfa.edge(from.getValue(), '0' + digit, '0' + digit, to);
    }

    /// The states behind a point, each with its digits.
    private int addFractions(Fraction start, Limit least, Limit most) {
        int first = nfa.state();
        Map<Fraction, Integer> level = Map.of(start, first);
        for (int place = 0; place < DECIMALS; place++) {
            Map<Fraction, Integer> following = new HashMap<>();
            for (Map.Entry<Fraction, Integer> entry : level.entrySet()) {
                for (int digit = 0; digit <= 9; digit++) {
                    addDigit(entry, digit, least.decimal(place), most.decimal(place), following);
                }
            }
            following.forEach((state, number) -> endHere(state, number, least, most));
            level = following;
        }
        return first;
    }

    private void endHere(Fraction state, int number, Limit least, Limit most) {
        boolean low = !state.atLeast || least.endsBy(state.place) && !least.exclusive;
        boolean high = !state.atMost || !most.endsBy(state.place) || !most.exclusive;
        if (low && high) {
            nfa.silent(number, end);
        }
    }
}
