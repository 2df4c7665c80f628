package org.ternlm.chat.schema;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// A piece of JSON described by an automaton over bytes. Its only outcome is 0.
final class TableTerminal implements Terminal {
    private final int[] classes = new int[256];
    private final int classCount;
    private final int[] table;
    private final BitSet accepting;
    private final BitSet going = new BitSet();
    private final boolean common;

    TableTerminal(Dfa bytes, boolean common) {
        this.common = common;
        BitSet cuts = new BitSet();
        for (List<Dfa.Edge> out : bytes.edges()) {
            for (Dfa.Edge edge : out) {
                cuts.set(edge.low());
                cuts.set(edge.high() + 1);
            }
        }
        for (int i = 1; i < classes.length; i++) {
            classes[i] = classes[i - 1] + (cuts.get(i) ? 1 : 0);
        }
        classCount = classes[classes.length - 1] + 1;
        table = new int[bytes.edges().size() * classCount];
        Arrays.fill(table, -1);
        accepting = bytes.accepting();
        for (int state = 0; state < bytes.edges().size(); state++) {
            for (Dfa.Edge edge : bytes.edges().get(state)) {
                int from = state * classCount;
                Arrays.fill(table, from + classes[edge.low()], from + classes[edge.high()] + 1, edge.target());
                going.set(state);
            }
        }
    }

    @Override
    public boolean isCommon() {
        return common;
    }

    @Override
    public long step(long state, int next) {
        return table[(int) state * classCount + classes[next]];
    }

    @Override
    public int outcome(long state) {
        return accepting.get((int) state) ? 0 : -1;
    }

    @Override
    public boolean hasMore(long state) {
        return going.get((int) state);
    }
}
