package org.ternlm.chat.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A deterministic automaton over numbers, which are characters or bytes. State 0 is the start; from every other state
/// an accepting one can be reached.
///
/// @param edges of each state, ascending and disjoint
record Dfa(List<List<Edge>> edges, BitSet accepting) {
    /// The way that the numbers `low` to `high` lead.
    record Edge(int low, int high, int target) {}

    /// Strings of `min` to `max` characters.
    ///
    /// @param max [TextTerminal#UNLIMITED] for any number
    static Dfa lengths(int min, int max) {
        boolean limited = max != TextTerminal.UNLIMITED;
        int last = limited ? max : min;
        if (last >= Nfa.MOST_STATES) {
            throw new TooManyStatesException();
        }
        List<List<Edge>> edges = new ArrayList<>();
        BitSet accepting = new BitSet();
        for (int length = 0; length <= last; length++) {
            List<Edge> out = new ArrayList<>();
            if (length < last || !limited) {
                for (CodePoints.Interval interval : CodePoints.ANY.intervals()) {
                    out.add(new Edge(interval.low(), interval.high(), Math.min(length + 1, last)));
                }
            }
            edges.add(out);
        }
        accepting.set(min, last + 1);
        return new Dfa(edges, accepting);
    }

    boolean isEmpty() {
        return accepting.isEmpty();
    }

    /// The state after `symbol`, or -1.
    int step(int state, int symbol) {
        for (Edge edge : edges.get(state)) {
            if (edge.low <= symbol && symbol <= edge.high) {
                return edge.target;
            }
        }
        return -1;
    }

    /// Whether an automaton over characters accepts `text`.
    boolean accepts(String text) {
        int state = 0;
        for (int codePoint : text.codePoints().toArray()) {
            state = step(state, codePoint);
            if (state < 0) {
                return false;
            }
        }
        return accepting.get(state);
    }

    /// Those of its texts that have `min` to `max` characters.
    ///
    /// @throws TooManyStatesException beyond [Nfa#MOST_STATES]
    Dfa withLengths(int min, int max) {
        int most = longest() <= max ? TextTerminal.UNLIMITED : max;
        return min == 0 && most == TextTerminal.UNLIMITED ? this : and(lengths(min, most));
    }

    /// The most characters of a text, [TextTerminal#UNLIMITED] where there is no limit: where states make a circle.
    private int longest() {
        int[] incoming = new int[edges.size()];
        edges.forEach(out -> out.forEach(edge -> incoming[edge.target]++));
        int[] lengths = new int[edges.size()];
        Deque<Integer> ready = new ArrayDeque<>(incoming[0] == 0 ? List.of(0) : List.of());
        int done = 0;
        int longest = 0;
        while (!ready.isEmpty()) {
            int state = ready.remove();
            done++;
            longest = Math.max(longest, lengths[state]);
            for (Edge edge : edges.get(state)) {
                lengths[edge.target] = Math.max(lengths[edge.target], lengths[state] + 1);
                if (--incoming[edge.target] == 0) {
                    ready.add(edge.target);
                }
            }
        }
        return done < edges.size() ? TextTerminal.UNLIMITED : longest;
    }

    /// What both accept.
    ///
    /// @throws TooManyStatesException beyond [Nfa#MOST_STATES]
    Dfa and(Dfa other) {
        Map<Pair, Integer> numbers = new HashMap<>(Map.of(new Pair(0, 0), 0));
        Deque<Pair> waiting = new ArrayDeque<>(List.of(new Pair(0, 0)));
        List<List<Edge>> result = new ArrayList<>();
        BitSet ends = new BitSet();
        while (!waiting.isEmpty()) {
            Pair pair = waiting.remove();
            if (accepting.get(pair.mine) && other.accepting.get(pair.theirs)) {
                ends.set(result.size());
            }
            List<Edge> out = new ArrayList<>();
            for (Edge mine : edges.get(pair.mine)) {
                for (Edge theirs : other.edges.get(pair.theirs)) {
                    int low = Math.max(mine.low, theirs.low);
                    int high = Math.min(mine.high, theirs.high);
                    if (low <= high) {
                        append(out, low, high, number(new Pair(mine.target, theirs.target), numbers, waiting));
                    }
                }
            }
            result.add(out);
        }
        return new Dfa(result, ends).trimmed();
    }

    private record Pair(int mine, int theirs) {}

    private static int number(Pair pair, Map<Pair, Integer> numbers, Deque<Pair> waiting) {
        Integer known = numbers.get(pair);
        if (known != null) {
            return known;
        }
        if (numbers.size() == Nfa.MOST_STATES) {
            throw new TooManyStatesException();
        }
        numbers.put(pair, numbers.size());
        waiting.add(pair);
        return numbers.size() - 1;
    }

    /// Adds an edge, or makes the last one longer.
    static void append(List<Edge> out, int low, int high, int target) {
        int last = out.size() - 1;
        if (last >= 0 && out.get(last).target == target && out.get(last).high + 1 == low) {
            out.set(last, new Edge(out.get(last).low, high, target));
        } else {
            out.add(new Edge(low, high, target));
        }
    }

    /// Without the states from which nothing is accepted.
    Dfa trimmed() {
        BitSet alive = alive();
        alive.set(0);
        int[] numbers = new int[edges.size()];
        BitSet ends = new BitSet();
        int count = 0;
        for (int state = alive.nextSetBit(0); state >= 0; state = alive.nextSetBit(state + 1)) {
            ends.set(count, accepting.get(state));
            numbers[state] = count++;
        }
        List<List<Edge>> result = new ArrayList<>();
        for (int state = alive.nextSetBit(0); state >= 0; state = alive.nextSetBit(state + 1)) {
            List<Edge> out = new ArrayList<>();
            for (Edge edge : edges.get(state)) {
                // The start may be kept though nothing is accepted from it.
                if (alive.get(edge.target) && !ends.isEmpty()) {
                    append(out, edge.low, edge.high, numbers[edge.target]);
                }
            }
            result.add(out);
        }
        return new Dfa(result, ends);
    }

    private BitSet alive() {
        List<List<Integer>> sources = new ArrayList<>();
        edges.forEach(_ -> sources.add(new ArrayList<>()));
        for (int state = 0; state < edges.size(); state++) {
            for (Edge edge : edges.get(state)) {
                sources.get(edge.target).add(state);
            }
        }
        BitSet alive = new BitSet();
        Deque<Integer> waiting = new ArrayDeque<>(accepting.stream().boxed().toList());
        while (!waiting.isEmpty()) {
            int state = waiting.remove();
            if (!alive.get(state)) {
                alive.set(state);
                waiting.addAll(sources.get(state));
            }
        }
        return alive;
    }
}
