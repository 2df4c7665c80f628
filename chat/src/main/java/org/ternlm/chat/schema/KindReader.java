package org.ternlm.chat.schema;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;

/// Reads the keywords that speak about one kind of value, for each kind that `type` allows.
final class KindReader {
    private static final List<String> KINDS = List.of("null", "boolean", "number", "string", "array", "object");
    private static final int LONGEST_MINIMUM = 1 << 20;

    private final BiFunction<String, JsonNode, Goal> goals;
    private final Budget budget;

    /// @param goals makes the goal of a schema at a place
    KindReader(BiFunction<String, JsonNode, Goal> goals, Budget budget) {
        this.goals = goals;
        this.budget = budget;
    }

    List<Branch> read(Keywords keywords) {
        List<Branch> branches = new ArrayList<>();
        for (String kind : kinds(keywords)) {
            switch (kind) {
                case "null" -> branches.add(Word.NULL);
                case "boolean" -> branches.addAll(List.of(Word.TRUE, Word.FALSE));
                case "number" -> addNumbers(keywords, false, branches);
                case "integer" -> addNumbers(keywords, true, branches);
                case "string" -> addText(keywords, branches);
                case "array" -> branches.add(items(keywords));
                default -> branches.add(members(keywords));
            }
        }
        return branches;
    }

    private static Set<String> kinds(Keywords keywords) {
        Optional<JsonNode> type = keywords.get("type");
        if (type.isEmpty()) {
            return new LinkedHashSet<>(KINDS);
        }
        Set<String> kinds = new LinkedHashSet<>();
        if (type.get().isTextual()) {
            kinds.add(type.get().textValue());
        } else {
            kinds.addAll(keywords.names("type"));
        }
        for (String kind : kinds) {
            if (!KINDS.contains(kind) && !kind.equals("integer")) {
                throw keywords.wrong("type", "null, boolean, integer, number, string, array, object or a list of them");
            }
        }
        if (kinds.contains("number")) {
            kinds.remove("integer");
        }
        return kinds;
    }

    private static void addNumbers(Keywords keywords, boolean whole, List<Branch> branches) {
        Numbers numbers = new Numbers(whole, keywords.bound("minimum", false), keywords.bound("maximum", false))
                .and(new Numbers(whole, keywords.bound("exclusiveMinimum", true),
                        keywords.bound("exclusiveMaximum", true)));
        if (!numbers.isEmpty()) {
            branches.add(numbers);
        }
    }

    private void addText(Keywords keywords, List<Branch> branches) {
        int min = keywords.count("minLength", 0, LONGEST_MINIMUM);
        if (min == LONGEST_MINIMUM) {
            throw keywords.wrong("minLength", "less than " + LONGEST_MINIMUM);
        }
        Text text = new Text(min, keywords.count("maxLength", TextTerminal.UNLIMITED, TextTerminal.UNLIMITED),
                Optional.empty(), false);
        Optional<String> format = keywords.text("format");
        if (format.isPresent()) {
            Dfa automaton = Formats.automaton(format.get());
            if (automaton == null) {
                throw keywords.wrong("format", "one of " + Formats.names());
            }
            text = text.and(new Text(0, TextTerminal.UNLIMITED, Optional.of(automaton), true));
        }
        Optional<String> pattern = keywords.text("pattern");
        if (pattern.isPresent()) {
            text = withPattern(text, pattern.get(), keywords.at("pattern"));
        }
        if (!text.isEmpty()) {
            branches.add(text);
        }
    }

    private Text withPattern(Text text, String pattern, String pointer) {
        try {
            RegexReader reader = new RegexReader(pattern);
            Dfa automaton = reader.read().automaton();
            Text both = text.and(new Text(0, TextTerminal.UNLIMITED, Optional.of(automaton), reader.isNarrowed()));
            budget.spend(automaton.edges().size() + both.size(), pointer);
            return both;
        } catch (UnsupportedOperationException | TooManyStatesException e) {
            throw new UnsupportedSchemaException(pointer, String.valueOf(e.getMessage()));
        }
    }

    private Items items(Keywords keywords) {
        List<Goal> first = new ArrayList<>();
        for (Atom element : keywords.list("prefixItems")) {
            first.add(goals.apply(element.pointer(), element.schema()));
        }
        if (keywords.get("items").map(JsonNode::isArray).orElse(false)) {
            throw keywords.wrong("items", "a schema (a list of schemas is called prefixItems now)");
        }
        Goal rest = keywords.get("items").map(schema -> goals.apply(keywords.at("items"), schema)).orElse(Goal.ANY);
        return new Items(first, rest, keywords.count("minItems", 0, Items.UNLIMITED - 1),
                keywords.count("maxItems", Items.UNLIMITED, Items.UNLIMITED));
    }

    private Members members(Keywords keywords) {
        Map<String, Goal> named = new LinkedHashMap<>();
        String place = keywords.at("properties");
        keywords.members("properties").forEach(
                (name, schema) -> named.put(name, goals.apply(SchemaLimits.child(place, name), schema)));
        Goal others = keywords.get("additionalProperties")
                .map(schema -> goals.apply(keywords.at("additionalProperties"), schema)).orElse(Goal.ANY);
        for (String name : named.keySet()) {
            SchemaReader.requireCharacters(name, place);
        }
        Set<String> required = new LinkedHashSet<>(keywords.names("required"));
        for (String name : required) {
            SchemaReader.requireCharacters(name, keywords.at("required"));
        }
        return new Members(named, required, others);
    }
}
