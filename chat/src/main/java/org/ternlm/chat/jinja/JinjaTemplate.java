package org.ternlm.chat.jinja;

import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A parsed template. Immutable, and safe for several threads.
///
/// It is Jinja as Hugging Face sets it up for chat templates: `trim_blocks`, `lstrip_blocks`, `break` and `continue`,
/// `raise_exception`, `strftime_now`, and a `tojson` that escapes nothing for HTML. What Jinja has beyond that (include,
/// inheritance, translation, changing lists and dictionaries) is refused when the template is parsed or reaches it.
public final class JinjaTemplate {
    private static final int LONGEST = 1_000_000;

    private final Statement body;

    private JinjaTemplate(Statement body) {
        this.body = body;
    }

    /// Parses a template.
    ///
    /// @throws JinjaException if it is damaged or asks for what there is not; the message names the line
    public static JinjaTemplate parse(String source) {
        if (source.length() > LONGEST) {
            throw new JinjaException("expected at most %,d characters, found %,d".formatted(LONGEST, source.length()));
        }
        return deep(() -> new JinjaTemplate(new StatementParser(Lexer.tokens(source)).template()));
    }

    /// Depth is limited where templates nest by themselves. Chains of a hundred thousand operators, which only nest when they
    /// are parsed, end here.
    private static <T> T deep(Supplier<T> work) {
        try {
            return work.get();
        } catch (StackOverflowError e) {
            throw new JinjaException("the template is nested too deeply");
        }
    }

    /// Renders it.
    ///
    /// @param variables by name: null, Boolean, Long, Integer, Double, String, [MarkedText], List and Map of those;
    /// a String is the program's own, a text from outside is a MarkedText
    /// @param now what `strftime_now` tells
    /// @throws JinjaException if the template refuses these values, fails at them, or goes beyond its limits
    public MarkedText render(Map<String, ? extends @Nullable Object> variables, RenderLimits limits,
            LocalDateTime now) {
        Scope globals = new Scope(null);
        Functions.ALL.forEach(globals::set);
        variables.forEach((name, value) -> globals.set(name, value(value)));
        Run run = new Run(new Scope(globals), limits, now);
        if (deep(() -> body.execute(run)) != Statement.Flow.ON) {
            throw new JinjaException("break or continue outside of a loop");
        }
        return run.result();
    }

    private static Value value(@Nullable Object object) {
        return switch (object) {
            case null -> Value.None.NONE;
            case MarkedText text -> text;
            case String text -> MarkedText.own(text);
            case Boolean truth -> Value.Truth.of(truth);
            case Integer whole -> new Value.Whole(whole);
            case Long whole -> new Value.Whole(whole);
            case Double real -> new Value.Real(real);
            case List<?> list -> {
                List<Value> values = new ArrayList<>();
                list.forEach(element -> values.add(value(element)));
                yield Value.Items.list(values);
            }
            case Map<?, ?> map -> {
                Map<Value, Value> entries = new LinkedHashMap<>();
                map.forEach((key, element) -> entries.put(value(key), value(element)));
                yield new Value.Mapping(entries);
            }
            default -> throw new IllegalArgumentException("no value of templates: " + object.getClass());
        };
    }
}
