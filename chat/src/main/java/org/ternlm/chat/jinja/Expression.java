package org.ternlm.chat.jinja;

/// A parsed expression.
@FunctionalInterface
interface Expression {
    Value evaluate(Run run);
}
