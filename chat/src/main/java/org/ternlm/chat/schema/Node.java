package org.ternlm.chat.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A place in a grammar. Grammars are graphs of these with cycles: two nodes are the same if they are the same object,
/// and what a node leads to may be added until the grammar is complete.
sealed interface Node {
    /// The end of a rule, or of everything.
    Node END = new End();

    /// See [#END].
    final class End implements Node {}

    /// Reads a piece of JSON.
    final class Read implements Node {
        final Terminal terminal;
        final long start;
        private final Node[] following;
        /// Property names that this, a new name, must not be; null where this reads no new name.
        final @Nullable Set<String> reserved;

        /// @param following where each outcome leads; a single one is for all
        Read(Terminal terminal, long start, Node... following) {
            this(terminal, start, null, following);
        }

        Read(Terminal terminal, long start, @Nullable Set<String> reserved, Node... following) {
            this.terminal = terminal;
            this.start = start;
            this.reserved = reserved;
            this.following = following;
        }

        Node following(int outcome) {
            return following.length == 1 ? following[0] : following[outcome];
        }
    }

    /// Any of several ways.
    final class Choice implements Node {
        final List<Node> ways = new ArrayList<>();

        Choice(Node... ways) {
            this.ways.addAll(List.of(ways));
        }
    }

    /// Follows a rule, then goes on.
    final class Call implements Node {
        final Rule rule;
        final Node following;

        Call(Rule rule, Node following) {
            this.rule = rule;
            this.following = following;
        }
    }

    /// Counts one, up to `most`, beyond which the number makes no difference.
    final class Count implements Node {
        final int most;
        final Node following;

        Count(int most, Node following) {
            this.most = most;
            this.following = following;
        }
    }

    /// Depends on the number counted.
    final class Counted implements Node {
        final int min;
        final int max;
        /// The way below `max`, which is set once the grammar is complete.
        final Choice more = new Choice();
        /// The way from `min` on.
        final Node enough;

        Counted(int min, int max, Node enough) {
            this.min = min;
            this.max = max;
            this.enough = enough;
        }
    }

    /// An array or object of the grammar. The number counted and the names taken are its own.
    final class Rule {
        final Choice start = new Choice();
    }
}
