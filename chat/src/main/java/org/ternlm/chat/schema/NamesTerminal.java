package org.ternlm.chat.schema;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// One of several fixed texts, in a trie: the property names of an object, or the values of an enumeration. The outcome
/// is the number of the text. A state is made of a node and of the first text that is still wanted; the last one that may
/// come follows from the first, so that one trie serves every place in an object.
final class NamesTerminal implements Terminal {
    private final List<Node> nodes = new ArrayList<>();
    private final int[] last;

    private record Node(int depth, byte[] labels, int[] targets, int[] texts, int ending) {}

    /// @param texts without repetitions
    /// @param last for each first text, the last that may come
    NamesTerminal(List<String> texts, int[] last) {
        this.last = last.clone();
        byte[][] bytes = texts.stream().map(text -> text.getBytes(StandardCharsets.UTF_8)).toArray(byte[][]::new);
        int[] all = new int[bytes.length];
        Arrays.setAll(all, i -> i);
        grow(bytes, all);
    }

    /// Any of `texts`.
    static NamesTerminal any(List<String> texts) {
        int[] last = new int[texts.size()];
        Arrays.fill(last, texts.size() - 1);
        return new NamesTerminal(texts, last);
    }

    /// Level by level: names may be long, the stack is not.
    private void grow(byte[][] bytes, int[] all) {
        List<int[]> groups = new ArrayList<>(List.of(all));
        List<Integer> depths = new ArrayList<>(List.of(0));
        for (int at = 0; at < groups.size(); at++) {
            int depth = depths.get(at);
            int ending = -1;
            Map<Integer, List<Integer>> following = new TreeMap<>();
            for (int text : groups.get(at)) {
                if (bytes[text].length == depth) {
                    ending = text;
                } else {
                    following.computeIfAbsent(bytes[text][depth] & 0xFF, _ -> new ArrayList<>()).add(text);
                }
            }
            byte[] labels = new byte[following.size()];
            int[] targets = new int[following.size()];
            int i = 0;
            for (Map.Entry<Integer, List<Integer>> entry : following.entrySet()) {
                labels[i] = (byte) (int) entry.getKey();
                targets[i++] = groups.size();
                int[] group = entry.getValue().stream().mapToInt(Integer::intValue).toArray();
                groups.add(Arrays.equals(group, groups.get(at)) ? groups.get(at) : group);
                depths.add(depth + 1);
            }
            nodes.add(new Node(depth, labels, targets, groups.get(at), ending));
        }
    }

    /// The state before texts from `first` on.
    long start(int first) {
        return (long) first << 32;
    }

    private boolean isAlive(int node, int first) {
        int[] texts = nodes.get(node).texts;
        int at = Arrays.binarySearch(texts, first);
        at = at < 0 ? -at - 1 : at;
        return at < texts.length && texts[at] <= last[first];
    }

    @Override
    public long step(long state, int next) {
        Node node = nodes.get((int) state);
        int first = (int) (state >> 32);
        for (int i = 0; i < node.labels.length; i++) {
            if ((node.labels[i] & 0xFF) == next) {
                return isAlive(node.targets[i], first) ? (long) first << 32 | node.targets[i] : DEAD;
            }
        }
        return DEAD;
    }

    @Override
    public int outcome(long state) {
        int ending = nodes.get((int) state).ending;
        int first = (int) (state >> 32);
        return ending >= first && ending <= last[first] ? ending : -1;
    }

    @Override
    public boolean hasMore(long state) {
        int first = (int) (state >> 32);
        for (int target : nodes.get((int) state).targets) {
            if (isAlive(target, first)) {
                return true;
            }
        }
        return false;
    }
}
