package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntPredicate;
import org.ternlm.chat.jinja.Value.Function;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Truth;
import org.ternlm.chat.jinja.Value.Whole;

/// The methods of Python's strings. The first argument is the string itself.
final class TextMethods {
    private static final Map<String, Function> METHODS = Map.ofEntries(
            Map.entry("strip", (_, a) -> stripped(self(a), chars(a), true, true)),
            Map.entry("lstrip", (_, a) -> stripped(self(a), chars(a), true, false)),
            Map.entry("rstrip", (_, a) -> stripped(self(a), chars(a), false, true)),
            Map.entry("upper", (_, a) -> self(a).upper()),
            Map.entry("lower", (_, a) -> self(a).lower()),
            Map.entry("title", (_, a) -> self(a).titled()),
            Map.entry("capitalize", (_, a) -> self(a).capitalized()),
            Map.entry("split", (run, a) -> split(run, self(a), a, false)),
            Map.entry("rsplit", (run, a) -> split(run, self(a), a, true)),
            Map.entry("splitlines", (run, a) -> lines(run, self(a))),
            Map.entry("startswith", (_, a) -> Truth.of(anyOf(a, (text, affix) -> text.startsWith(affix)))),
            Map.entry("endswith", (_, a) -> Truth.of(anyOf(a, (text, affix) -> text.endsWith(affix)))),
            Map.entry("replace", (run, a) -> run.made(replaced(self(a), a.text(1, "old"), a.text(2, "new"),
                    a.whole(3, "count", -1)))),
            Map.entry("find", (_, a) -> new Whole(points(self(a), self(a).text().indexOf(a.text(1, "sub").text())))),
            Map.entry("rfind", (_, a) -> new Whole(
                    points(self(a), self(a).text().lastIndexOf(a.text(1, "sub").text())))),
            Map.entry("index", (_, a) -> index(self(a), a.text(1, "sub"))),
            Map.entry("count", (_, a) -> new Whole(count(self(a).text(), a.text(1, "sub").text()))),
            Map.entry("join", (run, a) -> run.made(MarkedText.join(
                    Operators.elements(a.required(1, "iterable")).stream()
                            .map(value -> Operators.text(value, "join")).toList(),
                    self(a)))),
            Map.entry("removeprefix", (_, a) -> self(a).text().startsWith(a.text(1, "prefix").text())
                    ? self(a).slice(a.text(1, "prefix").length(), self(a).length())
                    : self(a)),
            Map.entry("removesuffix", (_, a) -> self(a).text().endsWith(a.text(1, "suffix").text())
                    ? self(a).slice(0, self(a).length() - a.text(1, "suffix").length())
                    : self(a)),
            Map.entry("format", (run, a) -> run.made(PythonText.braced(self(a), a.from(1)))),
            Map.entry("isdigit", (_, a) -> every(self(a), Character::isDigit)),
            Map.entry("isalpha", (_, a) -> every(self(a), Character::isLetter)),
            Map.entry("isalnum", (_, a) -> every(self(a), Character::isLetterOrDigit)),
            Map.entry("isspace", (_, a) -> every(self(a), TextMethods::isSpace)),
            Map.entry("isupper", (_, a) -> Truth.of(self(a).text().equals(self(a).upper().text())
                    && !self(a).text().equals(self(a).lower().text()))),
            Map.entry("islower", (_, a) -> Truth.of(self(a).text().equals(self(a).lower().text())
                    && !self(a).text().equals(self(a).upper().text()))));

    private TextMethods() {}

    static Optional<Function> named(String name) {
        return Optional.ofNullable(METHODS.get(name));
    }

    private static MarkedText self(Arguments arguments) {
        return arguments.text(0, "self");
    }

    private static Optional<MarkedText> chars(Arguments arguments) {
        return arguments.optionalText(1, "chars");
    }

    static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint) || codePoint == 0x85;
    }

    private static Truth every(MarkedText text, IntPredicate holds) {
        return Truth.of(!text.isEmpty() && text.text().codePoints().allMatch(holds));
    }

    static MarkedText stripped(MarkedText text, Optional<MarkedText> chars, boolean left, boolean right) {
        IntPredicate goes = chars.isPresent()
                ? c -> chars.get().text().indexOf(c) >= 0
                : TextMethods::isSpace;
        int start = 0;
        int end = text.length();
        while (left && start < end && goes.test(text.text().codePointAt(start))) {
            start += Character.charCount(text.text().codePointAt(start));
        }
        while (right && end > start && goes.test(text.text().codePointBefore(end))) {
            end -= Character.charCount(text.text().codePointBefore(end));
        }
        return text.slice(start, end);
    }

    private interface AffixTest {
        boolean holds(String text, String affix);
    }

    private static boolean anyOf(Arguments arguments, AffixTest test) {
        String text = self(arguments).text();
        Value affix = arguments.required(1, "affix");
        List<Value> choices = affix instanceof Items items ? items.values() : List.of(affix);
        return choices.stream().anyMatch(choice -> test.holds(text, Operators.text(choice, "affix").text()));
    }

    private static Whole index(MarkedText text, MarkedText sub) {
        int index = text.text().indexOf(sub.text());
        if (index < 0) {
            throw new JinjaException("index: the string is not in it");
        }
        return new Whole(points(text, index));
    }

    /// A place in Python's count, whose characters are code points.
    private static long points(MarkedText text, int index) {
        return index < 0 ? -1 : text.text().codePointCount(0, index);
    }

    private static long count(String text, String sub) {
        if (sub.isEmpty()) {
            return text.codePointCount(0, text.length()) + 1L;
        }
        long count = 0;
        for (int at = text.indexOf(sub); at >= 0; at = text.indexOf(sub, at + sub.length())) {
            count++;
        }
        return count;
    }

    static MarkedText replaced(MarkedText text, MarkedText old, MarkedText by, int count) {
        if (old.isEmpty()) {
            throw new JinjaException("replace: expected something to replace, found an empty string");
        }
        MarkedText.Builder result = new MarkedText.Builder();
        int done = 0;
        int left = count;
        for (int at = text.text().indexOf(old.text()); at >= 0 && left != 0; at = text.text().indexOf(old.text(),
                done)) {
            result.append(text.slice(done, at)).append(by);
            done = at + old.length();
            left--;
        }
        return result.append(text.slice(done, text.length())).build();
    }

    private static Items split(Run run, MarkedText text, Arguments arguments, boolean fromRight) {
        Optional<MarkedText> separator = arguments.optionalText(1, "sep");
        int most = arguments.whole(2, "maxsplit", -1);
        List<Value> parts = separator.isEmpty()
                ? words(text, most, fromRight)
                : parts(text, separator.get().text(), most, fromRight);
        run.steps(parts.size());
        return Items.list(parts);
    }

    private static List<Value> parts(MarkedText text, String separator, int most, boolean fromRight) {
        if (separator.isEmpty()) {
            throw new JinjaException("split: expected a separator, found an empty string");
        }
        List<Value> parts = new ArrayList<>();
        int left = most;
        if (fromRight) {
            int end = text.length();
            for (int at = text.text().lastIndexOf(separator); at >= 0 && left != 0; at = text.text().lastIndexOf(
                    separator, at - separator.length())) {
                parts.add(text.slice(at + separator.length(), end));
                end = at;
                left--;
            }
            parts.add(text.slice(0, end));
            Collections.reverse(parts);
            return parts;
        }
        int start = 0;
        for (int at = text.text().indexOf(separator); at >= 0 && left != 0; at = text.text().indexOf(separator,
                start)) {
            parts.add(text.slice(start, at));
            start = at + separator.length();
            left--;
        }
        parts.add(text.slice(start, text.length()));
        return parts;
    }

    private static List<Value> words(MarkedText text, int most, boolean fromRight) {
        if (fromRight && most >= 0) {
            throw new JinjaException("rsplit: expected a separator");
        }
        List<Value> words = new ArrayList<>();
        MarkedText rest = stripped(text, Optional.empty(), true, false);
        while (!rest.isEmpty()) {
            int end = 0;
            while (end < rest.length() && !isSpace(rest.text().codePointAt(end))) {
                end += Character.charCount(rest.text().codePointAt(end));
            }
            boolean isLast = words.size() == most;
            words.add(isLast ? rest : rest.slice(0, end));
            rest = isLast
                    ? MarkedText.EMPTY
                    : stripped(rest.slice(end, rest.length()), Optional.empty(), true, false);
        }
        return words;
    }

    private static Items lines(Run run, MarkedText text) {
        List<Value> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            char c = text.text().charAt(i);
            if (c == '\n' || c == '\r') {
                lines.add(text.slice(start, i));
                i += c == '\r' && i + 1 < text.length() && text.text().charAt(i + 1) == '\n' ? 1 : 0;
                start = i + 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.slice(start, text.length()));
        }
        run.steps(lines.size());
        return Items.list(lines);
    }
}
