package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// All ways to understand the text so far. Immutable.
///
/// @param list the places where more is expected
/// @param complete whether the text may end here
record Places(List<Place> list, boolean complete) {

    /// Before the first byte.
    static Places start(Node node) {
        Expansion expansion = new Expansion();
        expansion.enter(node, new Place.Call(), 0, Names.NONE);
        return expansion.places();
    }

    /// After one more byte; empty if it cannot come.
    Places step(int next) {
        Expansion expansion = new Expansion();
        for (Place place : list) {
            long state = place.node().terminal.step(place.state(), next);
            if (state != Terminal.DEAD) {
                expansion.arrive(place, state, place.node().reserved == null
                        ? null
                        : Place.Spelling.add(place.name(), next));
            }
        }
        return expansion.places();
    }

    /// Both together.
    Places and(Places other) {
        List<Place> both = new ArrayList<>(list);
        both.addAll(other.list);
        return new Places(both, complete || other.complete);
    }

    boolean isEmpty() {
        return list.isEmpty() && !complete;
    }

    /// Gathers the places behind one byte. The outermost call has no return.
    static final class Expansion {
        private final Set<Place> places = new LinkedHashSet<>();
        private final Map<Node.Rule, Place.Call> calls = new HashMap<>();
        private boolean complete;

        Places places() {
            return new Places(List.copyOf(places), complete);
        }

        /// `place` has got to `state` of its terminal.
        void arrive(Place place, long state, Place.@Nullable Spelling name) {
            Terminal terminal = place.node().terminal;
            if (terminal.hasMore(state)) {
                places.add(new Place(place.node(), state, place.call(), place.count(), place.taken(), name));
            }
            int outcome = terminal.outcome(state);
            if (outcome >= 0) {
                leave(place, outcome, name);
            }
        }

        /// The terminal of `place` has ended.
        void leave(Place place, int outcome, Place.@Nullable Spelling name) {
            Names taken = place.taken();
            if (name != null) {
                String text = Names.read(name.bytes());
                if (!place.isNew(text)) {
                    return;
                }
                taken = taken.with(text);
            }
            enter(place.node().following(outcome), place.call(), place.count(), taken);
        }

        void enter(Node node, Place.Call call, int count, Names taken) {
            switch (node) {
                case Node.Read read ->
                    places.add(new Place(read, read.start, call, count, taken, null));
                case Node.Choice choice -> choice.ways.forEach(way -> enter(way, call, count, taken));
                case Node.Count counter ->
                    enter(counter.following, call, Math.min(count + 1, counter.most), taken);
                case Node.Counted counted -> {
                    if (count < counted.max) {
                        enter(counted.more, call, count, taken);
                    }
                    if (count >= counted.min) {
                        enter(counted.enough, call, count, taken);
                    }
                }
                case Node.Call begun -> begin(begun, new Place.Return(begun.following, call, count, taken));
                case Node.End _ -> end(call);
            }
        }

        private void begin(Node.Call begun, Place.Return back) {
            Place.Call call = calls.get(begun.rule);
            if (call == null) {
                call = new Place.Call();
                calls.put(begun.rule, call);
                enter(begun.rule.start, call, 0, Names.NONE);
            }
            if (!call.returns.contains(back)) {
                call.returns.add(back);
            }
        }

        private void end(Place.Call call) {
            if (call.returns.isEmpty()) {
                complete = true;
            }
            for (Place.Return back : call.returns) {
                enter(back.node(), back.call(), back.count(), back.taken());
            }
        }
    }
}
