package org.ternlm.chat.schema;

import java.util.List;

/// A regular expression over characters, read by [RegexReader].
sealed interface Regex {
    /// No limit to the number of repetitions.
    int UNBOUNDED = -1;

    /// Any text.
    Regex ANYTHING = new Repeat(new One(CodePoints.ANY), 0, UNBOUNDED);

    /// One character of a set.
    record One(CodePoints set) implements Regex {}

    /// One after the other.
    record Sequence(List<Regex> parts) implements Regex {}

    /// One of several.
    record Either(List<Regex> parts) implements Regex {}

    /// `min` to `max` times.
    record Repeat(Regex part, int min, int max) implements Regex {}

    /// The automaton that accepts exactly the texts that the whole expression describes.
    ///
    /// @throws TooManyStatesException if it would be too large
    default Dfa automaton() {
        Nfa nfa = new Nfa(Nfa.MOST_STATES);
        nfa.accept(build(nfa, 0));
        return nfa.determinized();
    }

    /// Adds this behind state `from`, and returns the state behind this.
    private int build(Nfa nfa, int from) {
        return switch (this) {
            case One one -> {
                int to = nfa.state();
                for (CodePoints.Interval interval : one.set.intervals()) {
                    nfa.edge(from, interval.low(), interval.high(), to);
                }
                yield to;
            }
            case Sequence sequence -> {
                int at = from;
                for (Regex part : sequence.parts) {
                    at = part.build(nfa, at);
                }
                yield at;
            }
            case Either either -> {
                int to = nfa.state();
                for (Regex part : either.parts) {
                    nfa.silent(part.build(nfa, from), to);
                }
                yield to;
            }
            case Repeat repeat -> buildTimes(repeat, nfa, from);
        };
    }

    private static int fork(Nfa nfa, int from) {
        int fork = nfa.state();
        nfa.silent(from, fork);
        return fork;
    }

    private static int buildTimes(Repeat repeat, Nfa nfa, int from) {
        int at = fork(nfa, from);
        for (int i = 0; i < repeat.min; i++) {
            at = repeat.part.build(nfa, at);
        }
        if (repeat.max == UNBOUNDED) {
            int loop = fork(nfa, at);
            nfa.silent(repeat.part.build(nfa, loop), loop);
            return fork(nfa, loop);
        }
        int end = fork(nfa, at);
        for (int i = repeat.min; i < repeat.max; i++) {
            at = repeat.part.build(nfa, fork(nfa, at));
            nfa.silent(at, end);
        }
        return end;
    }
}
