package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import org.ternlm.chat.schema.Node.Read;

/// Builds the rules of arrays and objects.
final class RuleBuilder {
    private final Set<Goal> satisfiable;
    private final BiFunction<Goal, Node, Node> values;
    private final Budget budget;

    /// @param satisfiable the goals that some value satisfies
    /// @param values makes a node that reads a value of a goal and goes on to another node
    RuleBuilder(Set<Goal> satisfiable, BiFunction<Goal, Node, Node> values, Budget budget) {
        this.satisfiable = satisfiable;
        this.values = values;
        this.budget = budget;
    }

    void build(Branch branch, Node.Rule rule) {
        if (branch instanceof Items items) {
            build(items, rule);
        } else if (branch instanceof Members members) {
            build(members.complete(), rule);
        }
    }

    private static Read read(Terminal terminal, Node following) {
        return new Read(terminal, 0, following);
    }

    /// From the end: what follows the last of the values that are described one by one comes first.
    private void build(Items items, Node.Rule rule) {
        int max = GrammarCompiler.longest(items, satisfiable);
        int single = Math.min(items.first().size(), max);
        Node close = read(Punctuation.CLOSE_ARRAY, Node.END);
        Node more = single < max ? rest(items, max, single, close) : null;
        for (int done = single; done >= 0; done--) {
            Node.Choice next = new Node.Choice();
            if (done >= items.min()) {
                next.ways.add(done == 0 ? read(Punctuation.CLOSE_EMPTY_ARRAY, Node.END) : close);
            }
            if (more != null) {
                next.ways.add(done == 0 ? more : read(Punctuation.COMMA, more));
            }
            if (done == 0) {
                rule.start.ways.add(read(Punctuation.OPEN_ARRAY, next));
            } else {
                more = values.apply(items.first().get(done - 1), next);
            }
        }
    }

    /// The values after those, counted only as far as it matters.
    private Node rest(Items items, int max, int single, Node close) {
        int least = Math.max(0, items.min() - single);
        int most = max == Items.UNLIMITED ? Items.UNLIMITED : max - single;
        Node.Counted after = new Node.Counted(least, most, close);
        Node value = values.apply(items.rest(), new Node.Count(most == Items.UNLIMITED ? least : most, after));
        after.more.ways.add(read(Punctuation.COMMA, value));
        return value;
    }

    private void build(Members members, Node.Rule rule) {
        List<String> names = new ArrayList<>();
        List<Boolean> required = new ArrayList<>();
        members.named().forEach((name, goal) -> {
            if (satisfiable.contains(goal)) {
                names.add(name);
                required.add(members.required().contains(name));
            }
        });
        int[] reach = reach(required);
        int count = names.size();
        names.forEach(name -> budget.spend(1 + name.length(), members.of(name).pointer()));
        NamesTerminal terminal = new NamesTerminal(names.stream().map(RuleBuilder::json).toList(), reach);
        Node close = read(Punctuation.CLOSE_OBJECT, Node.END);
        Node other = satisfiable.contains(members.others()) ? other(members, close) : null;
        Node[] named = new Node[Math.max(count, 1)];
        for (int done = count; done >= 0; done--) {
            boolean free = required.subList(done, count).stream().noneMatch(Boolean::booleanValue);
            Node.Choice keys = new Node.Choice();
            if (done < count) {
                keys.ways.add(new Read(terminal, terminal.start(done), named));
            }
            if (free && other != null) {
                keys.ways.add(other);
            }
            Node.Choice next = new Node.Choice();
            if (!keys.ways.isEmpty()) {
                next.ways.add(done == 0 ? keys : read(Punctuation.COMMA, keys));
            }
            if (free) {
                next.ways.add(done == 0 ? read(Punctuation.CLOSE_EMPTY_OBJECT, Node.END) : close);
            }
            if (done == 0) {
                rule.start.ways.add(read(Punctuation.OPEN_OBJECT, next));
            } else {
                named[done - 1] = read(Punctuation.COLON, values.apply(members.of(names.get(done - 1)), next));
            }
        }
    }

    /// For each property the last that may come in its place: the next required one, or the last of all.
    private static int[] reach(List<Boolean> required) {
        int[] reach = new int[required.size()];
        int last = required.size() - 1;
        for (int i = required.size() - 1; i >= 0; i--) {
            last = required.get(i) ? i : last;
            reach[i] = last;
        }
        return reach;
    }

    /// A property that has not been named, and more of them.
    private Node other(Members members, Node close) {
        Node.Choice next = new Node.Choice(close);
        Read name = new Read(TextTerminal.TEXT, TextTerminal.start(0, TextTerminal.UNLIMITED),
                members.named().keySet(),
                read(Punctuation.COLON, values.apply(members.others(), next)));
        next.ways.add(read(Punctuation.COMMA, name));
        return name;
    }

    private static String json(String name) {
        return TextNode.valueOf(name).toString();
    }
}
