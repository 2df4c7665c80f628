package org.ternlm.chat.schema;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Turns a schema into a grammar: finds all goals, those that some value satisfies, and a rule for each kind of array
/// and object. Complete when it has been made, and immutable from then on.
final class GrammarCompiler {
    /// The most kinds of arrays and objects that are followed at once.
    private static final int MOST_NESTED = 200;

    private final SchemaReader reader;
    private final ScalarReader scalars;
    private final Map<Goal, Shape> shapes = new LinkedHashMap<>();
    private final Set<Goal> satisfiable = new HashSet<>();

    /// What a goal is made of. The rules of arrays and objects are those that some value satisfies.
    private record Shape(List<ScalarReader.Scalar> scalars, List<Branch> nested, List<Node.Rule> rules) {}

    /// @throws UnsupportedSchemaException if nothing satisfies the schema, or it cannot be kept to
    GrammarCompiler(SchemaReader reader) {
        this.reader = reader;
        scalars = new ScalarReader(reader.budget());
        Goal root = reader.rootGoal();
        find(root);
        reader.finish();
        findSatisfiable();
        if (!satisfiable.contains(root)) {
            throw new UnsupportedSchemaException("", "no value that Tern could write satisfies it");
        }
        RuleBuilder builder = new RuleBuilder(satisfiable, this::checkedValue, reader.budget());
        Map<Branch, Node.Rule> rules = new LinkedHashMap<>();
        for (Goal goal : satisfiable) {
            Shape shape = shape(goal);
            for (Branch branch : shape.nested) {
                if (isSatisfiable(branch)) {
                    shape.rules.add(rules.computeIfAbsent(branch, _ -> new Node.Rule()));
                }
            }
        }
        rules.forEach(builder::build);
    }

    private Shape shape(Goal goal) {
        Shape shape = shapes.get(goal);
        if (shape == null) {
            throw new IllegalStateException("a goal that was not found: " + goal);
        }
        return shape;
    }

    private void find(Goal root) {
        Deque<Goal> waiting = new ArrayDeque<>(List.of(root));
        while (!waiting.isEmpty()) {
            Goal goal = waiting.remove();
            if (shapes.containsKey(goal)) {
                continue;
            }
            if (shapes.size() == SchemaLimits.MOST_GOALS) {
                throw new UnsupportedSchemaException(goal.pointer(),
                        "the schema says different things about more than " + SchemaLimits.MOST_GOALS + " places");
            }
            List<Branch> branches = reader.branches(goal);
            List<Branch> nested = branches.stream().filter(branch -> branch instanceof Items
                    || branch instanceof Members).distinct().toList();
            if (nested.size() > MOST_NESTED) {
                throw new UnsupportedSchemaException(goal.pointer(), "expected at most " + MOST_NESTED
                        + " kinds of arrays and objects, found " + nested.size());
            }
            shapes.put(goal, new Shape(scalars.read(branches, goal.pointer()), nested,
                    new ArrayList<>()));
            reader.below(goal).forEach(waiting::add);
        }
    }

    /// Grows from the goals that scalars satisfy until nothing changes: what is left can only be satisfied by a value
    /// without end, or not at all.
    private void findSatisfiable() {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (Map.Entry<Goal, Shape> entry : shapes.entrySet()) {
                Shape shape = entry.getValue();
                if (!satisfiable.contains(entry.getKey())
                        && (!shape.scalars.isEmpty() || shape.nested.stream().anyMatch(this::isSatisfiable))) {
                    satisfiable.add(entry.getKey());
                    changed = true;
                }
            }
        }
    }

    private boolean isSatisfiable(Branch branch) {
        return switch (branch) {
            case Items items -> items.min() <= longest(items, satisfiable);
            case Members members ->
                members.required().stream().allMatch(name -> satisfiable.contains(members.of(name)));
            case Word _,Text _,Numbers _ -> true;
        };
    }

    /// The most values that an array can have.
    static int longest(Items items, Set<Goal> satisfiable) {
        for (int i = 0; i < items.first().size(); i++) {
            if (!satisfiable.contains(items.first().get(i))) {
                return Math.min(items.max(), i);
            }
        }
        return satisfiable.contains(items.rest()) ? items.max() : Math.min(items.max(), items.first().size());
    }

    /// A node that reads a value of the schema and goes on to `following`.
    Node root(Node following) {
        return value(reader.rootGoal(), following);
    }

    private Node checkedValue(Goal goal, Node following) {
        reader.budget().spend(shape(goal).scalars.size() + shape(goal).rules.size(), goal.pointer());
        return value(goal, following);
    }

    private Node value(Goal goal, Node following) {
        Node.Choice choice = new Node.Choice();
        Shape shape = shape(goal);
        for (ScalarReader.Scalar scalar : shape.scalars) {
            choice.ways.add(new Node.Read(scalar.terminal(), scalar.start(), following));
        }
        for (Node.Rule rule : shape.rules) {
            choice.ways.add(new Node.Call(rule, following));
        }
        return choice.ways.size() == 1 ? choice.ways.getFirst() : choice;
    }
}
