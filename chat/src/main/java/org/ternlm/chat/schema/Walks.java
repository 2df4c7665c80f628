package org.ternlm.chat.schema;

import java.util.LinkedHashMap;
import java.util.Map;

/// What terminals make of all tokens of a vocabulary, kept for those states where finding out takes long. Safe for several
/// threads.
final class Walks {
    private static final int CHEAP = 1000;

    private final ByteTrie trie;
    private final int most;
    private final Map<Key, ByteTrie.Walk> known = new LinkedHashMap<>(16, 0.75f, true);

    private record Key(Terminal terminal, long state) {}

    /// @param most how many to keep; a set of all tokens each
    Walks(ByteTrie trie, int most) {
        this.trie = trie;
        this.most = most;
    }

    ByteTrie.Walk of(Terminal terminal, long state) {
        Key key = new Key(terminal, terminal.alike(state, trie.longest()));
        synchronized (known) {
            ByteTrie.Walk walk = known.get(key);
            if (walk != null) {
                return walk;
            }
        }
        ByteTrie.Walk walk = trie.walk(0, terminal, key.state);
        if (walk.visited() > CHEAP) {
            synchronized (known) {
                known.put(key, walk);
                if (known.size() > most) {
                    known.remove(known.keySet().iterator().next());
                }
            }
        }
        return walk;
    }
}
