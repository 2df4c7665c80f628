package org.ternlm.chat.schema;

import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.TokenMask;

/// Holds one generation to a grammar. For one thread.
final class JsonMask implements TokenMask {
    private static final int MOST_ANSWERS = 16;

    private final TokenVocabulary vocabulary;
    private final ByteTrie trie;
    private final Walks walks;
    /// The last answers: within a string, for one, each is that of the token before.
    private final Map<Places, BitSet> answers = new LinkedHashMap<>(16, 0.75f, true);
    private Places places;
    private boolean ended;

    /// @param walks what is known of the grammar's own terminals
    JsonMask(TokenVocabulary vocabulary, Walks walks, Places start) {
        this.vocabulary = vocabulary;
        this.walks = walks;
        trie = vocabulary.trie();
        places = start;
    }

    @Override
    public void allow(BitSet allowed) {
        if (ended) {
            return;
        }
        BitSet answer = answers.get(places);
        if (answer == null) {
            answer = new BitSet();
            allow(places, 0, answer);
            if (places.complete()) {
                vocabulary.ends().forEach(answer::set);
            }
            answers.put(places, answer);
            if (answers.size() > MOST_ANSWERS) {
                answers.remove(answers.keySet().iterator().next());
            }
        }
        allowed.or(answer);
    }

    @Override
    public void accept(int token) {
        byte[] bytes = vocabulary.bytes(token);
        if (!ended && places.complete() && vocabulary.ends().contains(token)) {
            ended = true;
            return;
        }
        if (ended || bytes == null) {
            throw new IllegalArgumentException("token " + token + " was not allowed");
        }
        Places next = places;
        for (byte b : bytes) {
            next = next.step(b & 0xFF);
        }
        if (next.isEmpty()) {
            throw new IllegalArgumentException("token " + token + " was not allowed");
        }
        places = next;
    }

    /// Whether the JSON may end here.
    boolean isComplete() {
        return places.complete();
    }

    /// Allows what may come below node `from` of the trie: what stays within a terminal is known from one walk of it
    /// alone, and where it ends, the walk goes on from there with what may follow.
    private void allow(Places at, int from, BitSet allowed) {
        Map<Integer, Places> exits = new HashMap<>();
        for (Place place : at.list()) {
            Terminal terminal = place.node().terminal;
            ByteTrie.Walk walk = walk(from, terminal, place.state());
            walk.allowInside(allowed);
            if (place.node().reserved == null) {
                addExits(place, walk, allowed, exits);
            } else {
                addExitsOfName(place, walk, from, allowed, exits);
            }
        }
        exits.forEach((node, next) -> allow(next, node, allowed));
    }

    private ByteTrie.Walk walk(int from, Terminal terminal, long state) {
        if (from > 0) {
            return trie.walk(from, terminal, state);
        }
        return (terminal.isCommon() ? vocabulary.walks() : walks).of(terminal, state);
    }

    private void addExits(Place place, ByteTrie.Walk walk, BitSet allowed, Map<Integer, Places> exits) {
        Map<Integer, Places> known = new HashMap<>();
        for (int i = 0; i < walk.exitCount(); i++) {
            addExit(place, walk, i, known, allowed, exits);
        }
    }

    private void addExit(Place place, ByteTrie.Walk walk, int index, Map<Integer, Places> known, BitSet allowed,
            Map<Integer, Places> exits) {
        int node = walk.exit(index);
        trie.allow(node, allowed);
        if (trie.hasMore(node)) {
            Places next = known.computeIfAbsent(walk.outcome(index), outcome -> after(place, outcome, null));
            exits.merge(node, next, Places::and);
        }
    }

    /// Names are read where they might repeat one, or where another name might end in the same token.
    private void addExitsOfName(Place place, ByteTrie.Walk walk, int from, BitSet allowed,
            Map<Integer, Places> exits) {
        Map<Integer, Places> known = new HashMap<>();
        boolean mayRepeat = place.mayRepeat();
        for (int i = 0; i < walk.exitCount(); i++) {
            int node = walk.exit(i);
            if (trie.hasName(node)) {
                Places next = after(place, walk.outcome(i), trie.spelling(from, node, place.name()));
                if (!next.isEmpty()) {
                    trie.allow(node, allowed);
                    exits.merge(node, next, Places::and);
                }
            } else if (!mayRepeat || place.isNew(Names.read(trie.spelling(from, node, place.name()).bytes()))) {
                addExit(place, walk, i, known, allowed, exits);
            }
        }
    }

    private static Places after(Place place, int outcome, Place.@Nullable Spelling name) {
        Places.Expansion expansion = new Places.Expansion();
        expansion.leave(place, outcome, name);
        return expansion.places();
    }
}
