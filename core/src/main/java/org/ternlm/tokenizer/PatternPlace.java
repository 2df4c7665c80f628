package org.ternlm.tokenizer;

import java.util.Set;
import java.util.regex.PatternSyntaxException;
import org.ternlm.format.ModelFormatException;

/// Reads a `pattern`: an object with `String` or `Regex`.
final class PatternPlace {

    private PatternPlace() {}

    /// @throws ModelFormatException if it is empty, wrong, or needs what is not supported
    static Finder read(JsonPlace pattern) {
        pattern.refuseOthers(Set.of("String", "Regex"));
        JsonPlace literal = pattern.get("String");
        JsonPlace expression = pattern.get("Regex");
        if (literal.isAbsent() == expression.isAbsent()) {
            throw pattern.wrong("an object with either String or Regex");
        }
        JsonPlace place = literal.isAbsent() ? expression : literal;
        if (place.text().isEmpty()) {
            throw place.wrong("a pattern that is not empty");
        }
        if (expression.isAbsent()) {
            return new Finder.Literal(literal.text());
        }
        try {
            return new Finder.Expression(OnigurumaPattern.compile(expression.text()));
        } catch (PatternSyntaxException e) {
            throw place.problem().expected("a regular expression that Tern can read exactly")
                    .found(e.getDescription() + " at " + e.getIndex() + " in " + expression.text()).cause(e).problem();
        }
    }
}
