package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// A set of Unicode characters as disjoint, ascending intervals. Surrogates are no characters and never in it.
record CodePoints(List<Interval> intervals) {
    static final CodePoints ANY = of(0, Character.MAX_CODE_POINT);

    /// From `low` to `high`, both included.
    record Interval(int low, int high) {}

    CodePoints {
        intervals = List.copyOf(intervals);
    }

    static CodePoints of(int low, int high) {
        return merged(List.of(new Interval(low, high)));
    }

    CodePoints or(CodePoints other) {
        List<Interval> all = new ArrayList<>(intervals);
        all.addAll(other.intervals);
        return merged(all);
    }

    CodePoints not() {
        List<Interval> rest = new ArrayList<>();
        int next = 0;
        for (Interval interval : intervals) {
            if (interval.low > next) {
                rest.add(new Interval(next, interval.low - 1));
            }
            next = interval.high + 1;
        }
        if (next <= Character.MAX_CODE_POINT) {
            rest.add(new Interval(next, Character.MAX_CODE_POINT));
        }
        return merged(rest);
    }

    private static CodePoints merged(List<Interval> parts) {
        List<Interval> sorted = new ArrayList<>();
        for (Interval part : parts) {
            addWithoutSurrogates(sorted, part);
        }
        sorted.sort(Comparator.comparingInt(Interval::low));
        List<Interval> merged = new ArrayList<>();
        for (Interval part : sorted) {
            int last = merged.size() - 1;
            if (last >= 0 && part.low <= merged.get(last).high + 1) {
                merged.set(last, new Interval(merged.get(last).low, Math.max(merged.get(last).high, part.high)));
            } else {
                merged.add(part);
            }
        }
        return new CodePoints(merged);
    }

    private static void addWithoutSurrogates(List<Interval> to, Interval part) {
        int below = Math.min(part.high, Character.MIN_SURROGATE - 1);
        int above = Math.max(part.low, Character.MAX_SURROGATE + 1);
        if (part.low <= below) {
            to.add(new Interval(part.low, below));
        }
        if (above <= part.high) {
            to.add(new Interval(above, part.high));
        }
    }
}
