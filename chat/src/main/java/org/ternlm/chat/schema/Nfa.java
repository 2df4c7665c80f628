package org.ternlm.chat.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// A nondeterministic automaton over numbers, which are characters or bytes, while it is put together. State 0 is the
/// start.
final class Nfa {
    /// The most states that an automaton over characters may have.
    static final int MOST_STATES = 20_000;
    /// The most states that an automaton over bytes may have.
    static final int MOST_BYTE_STATES = 100_000;

    private final int most;
    private final List<List<Dfa.Edge>> edges = new ArrayList<>();
    private final List<List<Integer>> silent = new ArrayList<>();
    private final BitSet accepting = new BitSet();

    /// @param most states that it may have, and as many when it is deterministic
    Nfa(int most) {
        this.most = most;
        state();
    }

    /// A new state.
    ///
    /// @throws TooManyStatesException beyond the most
    int state() {
        if (edges.size() == most) {
            throw new TooManyStatesException();
        }
        edges.add(new ArrayList<>(2));
        silent.add(new ArrayList<>(2));
        return edges.size() - 1;
    }

    void edge(int from, int low, int high, int to) {
        edges.get(from).add(new Dfa.Edge(low, high, to));
    }

    void silent(int from, int to) {
        silent.get(from).add(to);
    }

    void accept(int state) {
        accepting.set(state);
    }

    /// The same language without choices: the subset construction. States that lead nowhere are gone.
    ///
    /// @throws TooManyStatesException beyond the most
    Dfa determinized() {
        Map<BitSet, Integer> numbers = new HashMap<>();
        Deque<BitSet> waiting = new ArrayDeque<>();
        List<List<Dfa.Edge>> result = new ArrayList<>();
        BitSet ends = new BitSet();
        BitSet start = new BitSet();
        close(start, 0);
        numbers.put(start, 0);
        waiting.add(start);
        while (!waiting.isEmpty()) {
            BitSet subset = waiting.remove();
            if (subset.intersects(accepting)) {
                ends.set(result.size());
            }
            List<Dfa.Edge> out = new ArrayList<>();
            for (Successor successor : successors(subset)) {
                Integer number = numbers.get(successor.states);
                if (number == null) {
                    number = numbers.size();
                    if (number == most) {
                        throw new TooManyStatesException();
                    }
                    numbers.put(successor.states, number);
                    waiting.add(successor.states);
                }
                Dfa.append(out, successor.low, successor.high, number);
            }
            result.add(out);
        }
        return new Dfa(result, ends).trimmed();
    }

    private record Successor(int low, int high, BitSet states) {}

    private List<Successor> successors(BitSet subset) {
        List<Dfa.Edge> out = new ArrayList<>();
        subset.stream().forEach(state -> out.addAll(edges.get(state)));
        TreeSet<Integer> cuts = new TreeSet<>();
        for (Dfa.Edge edge : out) {
            cuts.add(edge.low());
            cuts.add(edge.high() + 1);
        }
        List<Successor> successors = new ArrayList<>();
        for (Integer cut : cuts) {
            BitSet targets = new BitSet();
            for (Dfa.Edge edge : out) {
                if (edge.low() <= cut && cut <= edge.high()) {
                    close(targets, edge.target());
                }
            }
            Integer next = cuts.higher(cut);
            if (!targets.isEmpty() && next != null) {
                successors.add(new Successor(cut, next - 1, targets));
            }
        }
        return successors;
    }

    private void close(BitSet states, int from) {
        Deque<Integer> waiting = new ArrayDeque<>(List.of(from));
        while (!waiting.isEmpty()) {
            int state = waiting.remove();
            if (!states.get(state)) {
                states.set(state);
                waiting.addAll(silent.get(state));
            }
        }
    }
}
