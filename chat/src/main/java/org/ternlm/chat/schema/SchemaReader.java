package org.ternlm.chat.schema;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Reads a schema as branches: references are followed, alternatives listed, conjunctions merged. What is below a branch
/// is left as a [Goal], so that recursive schemas end.
final class SchemaReader {
    private static final Goal NEVER = new Goal(Set.of(new Atom("", BooleanNode.FALSE)));
    private static final List<Branch> EVERYTHING = List.of(Word.NULL, Word.TRUE, Word.FALSE, Numbers.ANY, Text.ANY,
            Items.ANY, Members.ANY);

    private final JsonNode root;
    private final Map<String, Atom> atoms = new HashMap<>();
    private final Map<Atom, List<Branch>> known = new HashMap<>();
    private final Map<Goal, List<Branch>> knownGoals = new HashMap<>();
    private final Set<Atom> reading = new HashSet<>();
    private final List<Runnable> checks = new ArrayList<>();
    private final Budget budget = new Budget();
    private final Intersection intersection = new Intersection(budget);
    private final KindReader kinds = new KindReader(this::goal, budget);
    private final Overlap overlap = new Overlap(this, intersection, budget);

    SchemaReader(JsonNode root) {
        SchemaLimits.check(root);
        this.root = root;
    }

    Budget budget() {
        return budget;
    }

    Goal rootGoal() {
        return goal("", root);
    }

    private Goal goal(String pointer, JsonNode schema) {
        return schema.isBoolean() && schema.booleanValue() ? Goal.ANY : new Goal(Set.of(atom(pointer, schema)));
    }

    private Atom atom(String pointer, JsonNode schema) {
        return atoms.computeIfAbsent(pointer, _ -> new Atom(pointer, schema));
    }

    /// The ways to satisfy `goal`, none if there is none at first sight.
    ///
    /// @throws UnsupportedSchemaException if it holds what cannot be kept to
    List<Branch> branches(Goal goal) {
        List<Branch> found = knownGoals.get(goal);
        if (found == null) {
            found = EVERYTHING;
            for (Atom atom : goal.atoms()) {
                found = found == EVERYTHING ? branches(atom) : intersection.of(found, branches(atom), goal.pointer());
            }
            knownGoals.put(goal, found);
        }
        return found;
    }

    private List<Branch> branches(Atom atom) {
        List<Branch> found = known.get(atom);
        if (found == null) {
            if (!reading.add(atom)) {
                throw new UnsupportedSchemaException(atom.pointer(), "it refers to itself without a value in between");
            }
            if (reading.size() > SchemaLimits.DEEPEST) {
                throw new UnsupportedSchemaException(atom.pointer(),
                        "references and combinations lead more than " + SchemaLimits.DEEPEST + " deep");
            }
            found = List.copyOf(read(atom));
            reading.remove(atom);
            known.put(atom, found);
            budget.spend(1 + found.size(), atom.pointer());
        }
        return found;
    }

    private List<Branch> read(Atom atom) {
        if (atom.schema().isBoolean()) {
            return atom.schema().booleanValue() ? EVERYTHING : List.of();
        }
        if (!(atom.schema() instanceof ObjectNode schema)) {
            throw new UnsupportedSchemaException(atom.pointer(), "expected a schema, found " + atom.schema());
        }
        Keywords keywords = new Keywords(atom.pointer(), schema);
        List<Branch> branches = kinds.read(keywords);
        JsonNode constant = schema.get("const");
        if (constant != null) {
            branches = both(branches, List.of(value(keywords.at("const"), constant)), atom);
        }
        if (schema.has("enum")) {
            branches = both(branches, values(keywords), atom);
        }
        if (schema.has("$ref")) {
            branches = both(branches, branches(referred(keywords)), atom);
        }
        for (Atom part : keywords.list("allOf")) {
            branches = both(branches, branches(atom(part.pointer(), part.schema())), atom);
        }
        if (schema.has("anyOf")) {
            branches = both(branches, alternatives(keywords, "anyOf").stream().flatMap(List::stream).toList(), atom);
        }
        if (schema.has("oneOf")) {
            List<Branch> others = branches;
            List<List<Branch>> alternatives = alternatives(keywords, "oneOf").stream()
                    .map(alternative -> both(others, alternative, atom)).toList();
            // Later, when no schema is half read: what tells alternatives apart may refer to this one.
            checks.add(() -> overlap.requireNone(alternatives, keywords.at("oneOf")));
            branches = alternatives.stream().flatMap(List::stream).toList();
        }
        return branches;
    }

    private List<Branch> both(List<Branch> first, List<Branch> second, Atom atom) {
        return intersection.of(first, second, atom.pointer());
    }

    private List<List<Branch>> alternatives(Keywords keywords, String name) {
        List<List<Branch>> alternatives = new ArrayList<>();
        for (Atom part : keywords.list(name)) {
            alternatives.add(branches(atom(part.pointer(), part.schema())));
        }
        return alternatives;
    }

    private List<Branch> values(Keywords keywords) {
        List<Atom> values = keywords.list("enum");
        if (values.size() > SchemaLimits.MOST_VALUES) {
            throw new UnsupportedSchemaException(keywords.at("enum"),
                    "expected at most " + SchemaLimits.MOST_VALUES + " values, found " + values.size());
        }
        List<Branch> branches = new ArrayList<>();
        for (Atom value : values) {
            branches.add(value(value.pointer(), value.schema()));
        }
        return branches;
    }

    /// The branch of one value. The values within an array or object become schemas with `const`.
    private Branch value(String pointer, JsonNode value) {
        if (value.isArray()) {
            List<Goal> elements = new ArrayList<>();
            for (JsonNode element : value) {
                elements.add(constant(pointer + "/" + elements.size(), element));
            }
            return new Items(elements, NEVER, elements.size(), elements.size());
        }
        if (value.isObject()) {
            Map<String, Goal> members = new LinkedHashMap<>();
            value.fields().forEachRemaining(field -> {
                requireCharacters(field.getKey(), pointer);
                members.put(field.getKey(), constant(SchemaLimits.child(pointer, field.getKey()), field.getValue()));
            });
            return new Members(members, members.keySet(), NEVER);
        }
        if (value.isTextual()) {
            requireCharacters(value.textValue(), pointer);
        }
        if (value.isNumber() && !Keywords.isFinite(value)) {
            throw new UnsupportedSchemaException(pointer, "expected a number of ordinary size");
        }
        return new Word(value);
    }

    private Goal constant(String pointer, JsonNode value) {
        ObjectNode schema = JsonNodeFactory.instance.objectNode();
        schema.set("const", value);
        // No reference can lead to this name: it begins with no slash.
        return new Goal(Set.of(atoms.computeIfAbsent("=" + pointer, _ -> new Atom(pointer, schema))));
    }

    static void requireCharacters(String text, String pointer) {
        if (text.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE)) {
            throw new UnsupportedSchemaException(pointer, "expected Unicode text, found half of a surrogate pair");
        }
    }

    private Atom referred(Keywords keywords) {
        String reference = keywords.text("$ref").orElseThrow();
        JsonPointer pointer = reference.startsWith("#") ? pointer(reference.substring(1)) : null;
        if (pointer == null) {
            throw keywords.wrong("$ref", "a place in this schema, such as #/$defs/name");
        }
        JsonNode target = root.at(pointer);
        if (target.isMissingNode()) {
            throw keywords.wrong("$ref", "a place that exists");
        }
        return atom(pointer.toString(), target);
    }

    private static @Nullable JsonPointer pointer(String fragment) {
        try {
            return JsonPointer.compile(URLDecoder.decode(fragment.replace("+", "%2B"), StandardCharsets.UTF_8));
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    /// Checks what could only be checked once everything was read.
    ///
    /// @throws UnsupportedSchemaException if alternatives of `oneOf` may accept the same value
    void finish() {
        while (!checks.isEmpty()) {
            checks.removeLast().run();
        }
    }

    /// All goals that the branches of `goal` lead to.
    Stream<Goal> below(Goal goal) {
        return branches(goal).stream().flatMap(branch -> switch (branch) {
            case Items items -> Stream.concat(items.first().stream(), Stream.of(items.rest()));
            case Members members -> Stream.concat(members.named().values().stream(), Stream.of(members.others()));
            case Word _,Text _,Numbers _ -> Stream.empty();
        });
    }
}
