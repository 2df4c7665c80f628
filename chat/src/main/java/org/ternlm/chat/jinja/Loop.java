package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.ternlm.chat.jinja.Value.Function;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.Truth;
import org.ternlm.chat.jinja.Value.Undefined;
import org.ternlm.chat.jinja.Value.Whole;

/// `for`, with its condition and its `else`.
record Loop(Target target, Expression over, Optional<Expression> condition, Statement body,
        Statement otherwise) implements Statement {

    @Override
    public Flow execute(Run run) {
        List<Value> elements = elements(run);
        if (elements.isEmpty()) {
            return otherwise.execute(run);
        }
        for (int i = 0; i < elements.size(); i++) {
            run.step();
            Scope scope = new Scope(run.scope());
            scope.set("loop", state(elements, i));
            Value element = elements.get(i);
            Flow flow = run.within(scope, () -> {
                target.set(run, element);
                return body.execute(run);
            });
            if (flow == Flow.BREAK) {
                break;
            }
        }
        return Flow.ON;
    }

    private List<Value> elements(Run run) {
        List<Value> all = Operators.elements(over.evaluate(run));
        run.steps(all.size());
        if (condition.isEmpty()) {
            return all;
        }
        List<Value> wanted = new ArrayList<>();
        for (Value element : all) {
            Scope scope = new Scope(run.scope());
            boolean holds = run.within(scope, () -> {
                target.set(run, element);
                return Operators.isTrue(condition.get().evaluate(run));
            });
            if (holds) {
                wanted.add(element);
            }
        }
        return wanted;
    }

    private static Value state(List<Value> elements, int i) {
        int size = elements.size();
        Map<Value, Value> state = new LinkedHashMap<>();
        put(state, "index", new Whole(i + 1));
        put(state, "index0", new Whole(i));
        put(state, "revindex", new Whole(size - i));
        put(state, "revindex0", new Whole(size - i - 1));
        put(state, "first", Truth.of(i == 0));
        put(state, "last", Truth.of(i == size - 1));
        put(state, "length", new Whole(size));
        put(state, "previtem", i > 0 ? elements.get(i - 1) : new Undefined("previtem"));
        put(state, "nextitem", i < size - 1 ? elements.get(i + 1) : new Undefined("nextitem"));
        put(state, "cycle", (Function) (_, arguments) -> {
            List<Value> values = arguments.positional();
            if (values.isEmpty()) {
                throw new JinjaException("loop.cycle: expected values");
            }
            return values.get(i % values.size());
        });
        return new Mapping(state);
    }

    private static void put(Map<Value, Value> state, String name, Value value) {
        state.put(MarkedText.own(name), value);
    }
}
