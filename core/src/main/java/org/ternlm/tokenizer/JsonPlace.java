package org.ternlm.tokenizer;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;

/// A value in a JSON file that knows where it stands, so that whatever is wrong with it can be said with the place.
record JsonPlace(Path file, @Nullable JsonPlace parent, String key, JsonNode node) {

    /// The member `name`; absent if this is an object without it.
    ///
    /// @throws ModelFormatException if this is no object
    JsonPlace get(String name) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        return new JsonPlace(file, this, name, node.path(name));
    }

    /// Whether there is no such member, or it is `null`.
    boolean isAbsent() {
        return node.isMissingNode() || node.isNull();
    }

    /// @throws ModelFormatException if this is no string
    String text() {
        if (!node.isTextual()) {
            throw wrong("a string");
        }
        return node.textValue();
    }

    /// @throws ModelFormatException if this is no string of exactly one character
    int character() {
        String text = text();
        if (text.isEmpty() || text.codePointCount(0, text.length()) != 1) {
            throw wrong("a single character");
        }
        return text.codePointAt(0);
    }

    /// @throws ModelFormatException if this is no integer from 0 to 2^31 - 2
    int count() {
        if (!node.isIntegralNumber() || !node.canConvertToInt() || node.intValue() < 0
                || node.intValue() == Integer.MAX_VALUE) {
            throw wrong("an integer, 0 or more and less than 2147483647");
        }
        return node.intValue();
    }

    /// @param whenAbsent what an absent value means
    /// @throws ModelFormatException if this is neither absent nor a boolean
    boolean flag(boolean whenAbsent) {
        if (isAbsent()) {
            return whenAbsent;
        }
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    /// The elements of this array.
    ///
    /// @throws ModelFormatException if this is no array
    List<JsonPlace> elements() {
        if (!node.isArray()) {
            throw wrong("an array");
        }
        List<JsonPlace> elements = new ArrayList<>(node.size());
        for (JsonNode element : node) {
            elements.add(new JsonPlace(file, this, String.valueOf(elements.size()), element));
        }
        return elements;
    }

    /// The members of this object.
    ///
    /// @throws ModelFormatException if this is no object
    Iterable<JsonPlace> members() {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        List<JsonPlace> members = new ArrayList<>(node.size());
        node.properties().forEach(member -> members.add(new JsonPlace(file, this, member.getKey(), member.getValue())));
        return members;
    }

    /// Refuses members that nobody here knows: they could change what the object means.
    ///
    /// @throws ModelFormatException naming the first unknown member
    void refuseOthers(Set<String> known) {
        for (JsonPlace member : members()) {
            if (!known.contains(member.key) && !member.isAbsent()) {
                throw member.problem().expected("one of " + known.stream().sorted().toList())
                        .found("the unknown setting " + member.key).problem();
            }
        }
    }

    /// The exception for a value that is not what was `expected`.
    ModelFormatException wrong(String expected) {
        return problem().expected(expected).found(found()).problem();
    }

    /// The start of an exception about this value.
    ModelFormatException.Problem problem() {
        return ModelFormatException.in(file).at(place());
    }

    private String place() {
        return parent == null ? key : parent.parent == null ? key : parent.place() + "." + key;
    }

    private String found() {
        return switch (node.getNodeType()) {
            case OBJECT -> "an object";
            case ARRAY -> "an array";
            case MISSING -> "nothing";
            default -> node.toString();
        };
    }
}
