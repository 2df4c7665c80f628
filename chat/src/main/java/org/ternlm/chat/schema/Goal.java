package org.ternlm.chat.schema;

import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a value has to satisfy: all of some schemas, whose order decides that of properties. None of them for any value.
record Goal(Set<Atom> atoms) {
    static final Goal ANY = new Goal(Set.of());

    Goal {
        atoms = Collections.unmodifiableSet(new LinkedHashSet<>(atoms));
    }

    Goal and(Goal other) {
        Set<Atom> all = new LinkedHashSet<>(atoms);
        all.addAll(other.atoms);
        return new Goal(all);
    }

    /// Where it is first said.
    String pointer() {
        return atoms.stream().map(Atom::pointer).min(Comparator.naturalOrder()).orElse("");
    }
}
