package org.ternlm.chat.schema;

import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The tokens of a vocabulary by their bytes. Node 0 is the root; the nodes below one follow it directly, so that going
/// over them is going through arrays. Immutable.
final class ByteTrie {
    private final byte[] labels;
    private final int[] parents;
    private final short[] depths;
    private final int[] ends;
    private final byte[] quotes;
    private final int[] firstTokens;
    private final int[] tokens;
    private final int longest;

    /// @param bytes of each token, null for those that never come; none is empty
    ByteTrie(List<byte @Nullable []> bytes) {
        Integer[] order = sorted(bytes);
        int total = 1;
        int most = 0;
        for (Integer token : order) {
            total += bytes.get(token).length;
            most = Math.max(most, bytes.get(token).length);
        }
        longest = most;
        byte[] label = new byte[total];
        int[] parent = new int[total];
        short[] depth = new short[total];
        int[] first = new int[total + 1];
        tokens = new int[order.length];
        int[] path = new int[most + 1];
        byte[] before = {};
        int count = 1;
        for (int i = 0; i < order.length; i++) {
            byte[] next = bytes.get(order[i]);
            int common = Arrays.mismatch(before, next);
            for (int at = common < 0 ? next.length : common; at < next.length; at++) {
                label[count] = next[at];
                parent[count] = path[at];
                depth[count] = (short) (at + 1);
                first[count] = i;
                path[at + 1] = count++;
            }
            tokens[i] = order[i];
            first[count] = i + 1;
            before = next;
        }
        labels = Arrays.copyOf(label, count);
        parents = Arrays.copyOf(parent, count);
        depths = Arrays.copyOf(depth, count);
        firstTokens = Arrays.copyOf(first, count + 1);
        ends = ends();
        quotes = quotes();
    }

    private static Integer[] sorted(List<byte @Nullable []> bytes) {
        return IntStream.range(0, bytes.size()).filter(token -> bytes.get(token) != null).boxed()
                .sorted((a, b) -> Arrays.compareUnsigned(bytes.get(a), bytes.get(b))).toArray(Integer[]::new);
    }

    private int[] ends() {
        int[] found = new int[labels.length];
        for (int node = found.length - 1; node >= 0; node--) {
            found[node] = Math.max(found[node], node + 1);
            found[parents[node]] = Math.max(found[parents[node]], found[node]);
        }
        return found;
    }

    /// The most quotes on a way down, as far as it matters.
    private byte[] quotes() {
        byte[] found = new byte[labels.length];
        for (int node = found.length - 1; node > 0; node--) {
            int own = labels[node] == '"' ? 1 : 0;
            found[parents[node]] = (byte) Math.min(2, Math.max(found[parents[node]], found[node] + own));
        }
        return found;
    }

    /// The most bytes of a token.
    int longest() {
        return longest;
    }

    /// Whether there are longer tokens that begin with this one.
    boolean hasMore(int node) {
        return ends[node] > node + 1;
    }

    /// Whether a name may begin and end below `node`: whether a way down has two quotes.
    boolean hasName(int node) {
        return quotes[node] > 1;
    }

    /// Allows the tokens of exactly these bytes.
    void allow(int node, BitSet allowed) {
        for (int i = firstTokens[node]; i < firstTokens[node + 1]; i++) {
            allowed.set(tokens[i]);
        }
    }

    /// The bytes on the way from `from` down to `to`, added to `before`.
    Place.Spelling spelling(int from, int to, Place.@Nullable Spelling before) {
        byte[] way = new byte[depths[to] - depths[from]];
        int at = to;
        for (int i = way.length - 1; i >= 0; i--) {
            way[i] = labels[at];
            at = parents[at];
        }
        Place.Spelling spelling = before;
        for (byte b : way) {
            spelling = Place.Spelling.add(spelling, b);
        }
        if (spelling == null) {
            throw new IllegalArgumentException("no way from " + from + " to " + to);
        }
        return spelling;
    }

    /// Goes over everything below `from` with a terminal that has got to `state` there.
    Walk walk(int from, Terminal terminal, long state) {
        Walk walk = new Walk();
        if (!isAlive(from, terminal, state)) {
            return walk;
        }
        int end = ends[from];
        long[] states = new long[longest + 1];
        states[depths[from]] = state;
        int node = from + 1;
        while (node < end) {
            walk.visited++;
            int depth = depths[node];
            long next = terminal.step(states[depth - 1], labels[node] & 0xFF);
            if (next == Terminal.DEAD) {
                node = ends[node];
                continue;
            }
            states[depth] = next;
            if (firstTokens[node] < firstTokens[node + 1] && terminal.hasMore(next)) {
                walk.addInside(node);
            }
            int outcome = terminal.outcome(next);
            if (outcome >= 0) {
                walk.addExit(node, outcome);
            }
            node++;
        }
        walk.close();
        return walk;
    }

    /// Whether any next byte can come, which is often not so and then found out without memory.
    private boolean isAlive(int from, Terminal terminal, long state) {
        int end = ends[from];
        for (int node = from + 1; node < end; node = ends[node]) {
            if (terminal.step(state, labels[node] & 0xFF) != Terminal.DEAD) {
                return true;
            }
        }
        return false;
    }

    /// What a terminal makes of all tokens below a node.
    final class Walk {
        private static final int[] NONE = {};
        private static final int MANY = 1000;

        private int[] inside = NONE;
        private int insideCount;
        private @Nullable BitSet tokensInside;
        private int[] exits = NONE;
        private int[] outcomes = NONE;
        private int exitCount;
        private int visited;

        private void addInside(int node) {
            if (insideCount == inside.length) {
                inside = Arrays.copyOf(inside, insideCount * 2 + 2);
            }
            inside[insideCount++] = node;
        }

        private void addExit(int node, int outcome) {
            if (exitCount == exits.length) {
                exits = Arrays.copyOf(exits, exitCount * 2 + 2);
                outcomes = Arrays.copyOf(outcomes, exits.length);
            }
            exits[exitCount] = node;
            outcomes[exitCount++] = outcome;
        }

        /// Many tokens become a set, which takes less to keep and to add.
        private void close() {
            if (insideCount > MANY) {
                BitSet tokens = new BitSet();
                allowInside(tokens);
                tokensInside = tokens;
                inside = NONE;
                insideCount = 0;
            }
        }

        /// Allows the tokens that end within the terminal.
        void allowInside(BitSet allowed) {
            if (tokensInside != null) {
                allowed.or(tokensInside);
            }
            for (int i = 0; i < insideCount; i++) {
                allow(inside[i], allowed);
            }
        }

        /// Number of nodes where the terminal may end.
        int exitCount() {
            return exitCount;
        }

        int exit(int index) {
            return exits[index];
        }

        int outcome(int index) {
            return outcomes[index];
        }

        /// Number of nodes looked at.
        int visited() {
            return visited;
        }
    }
}
