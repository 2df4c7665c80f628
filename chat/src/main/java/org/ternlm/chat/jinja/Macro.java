package org.ternlm.chat.jinja;

import java.util.List;
import java.util.Optional;

/// A piece of a template that can be called.
///
/// @param outer the names that it sees beside its parameters
record Macro(String name, List<Parameter> parameters, Statement body, Scope outer) implements Value.Function {
    /// The macro that a block `call` hands on.
    static final String CALLER = "caller";

    /// @param otherwise its value where a call gives none
    record Parameter(String name, Optional<Expression> otherwise) {}

    Macro {
        parameters = List.copyOf(parameters);
    }

    @Override
    public Value call(Run run, Arguments arguments) {
        if (arguments.positional().size() > parameters.size()) {
            throw new JinjaException(name + ": expected at most " + parameters.size() + " arguments");
        }
        Scope scope = new Scope(outer);
        return run.within(scope, () -> {
            for (int i = 0; i < parameters.size(); i++) {
                Parameter parameter = parameters.get(i);
                scope.set(parameter.name(), arguments.optional(i, parameter.name())
                        .or(() -> parameter.otherwise().map(expression -> expression.evaluate(run)))
                        .orElseGet(() -> new Value.Undefined(parameter.name())));
            }
            Value caller = arguments.named().get(CALLER);
            if (caller != null) {
                scope.set(CALLER, caller);
            }
            return run.captured(() -> {
                if (body.execute(run) != Statement.Flow.ON) {
                    throw new JinjaException(name + ": a loop cannot be left from here");
                }
            });
        });
    }

    @Override
    public boolean equals(Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return System.identityHashCode(this);
    }
}
