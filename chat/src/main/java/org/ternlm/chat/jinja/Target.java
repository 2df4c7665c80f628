package org.ternlm.chat.jinja;

import java.util.List;

/// What a value is given to.
sealed interface Target {
    void set(Run run, Value value);

    /// A name.
    record Name(String name) implements Target {
        @Override
        public void set(Run run, Value value) {
            run.scope().set(name, value);
        }
    }

    /// A member of a namespace.
    record Member(String namespace, String name) implements Target {
        @Override
        public void set(Run run, Value value) {
            if (!(run.scope().find(namespace) instanceof Value.Namespace members)) {
                throw new JinjaException(namespace + " is no namespace: its members cannot be set");
            }
            members.set(name, value);
        }
    }

    /// Several, which get an element each.
    record Several(List<Target> targets) implements Target {
        public Several {
            targets = List.copyOf(targets);
        }

        @Override
        public void set(Run run, Value value) {
            List<Value> values = Operators.elements(value);
            if (values.size() != targets.size()) {
                throw new JinjaException("expected %d values, found %d".formatted(targets.size(), values.size()));
            }
            for (int i = 0; i < values.size(); i++) {
                targets.get(i).set(run, values.get(i));
            }
        }
    }
}
