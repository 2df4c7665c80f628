package org.ternlm.chat.jinja;

import java.util.List;

/// A parsed piece of a template.
@FunctionalInterface
interface Statement {
    /// How the statements around it go on.
    enum Flow {
        ON, BREAK, CONTINUE
    }

    Flow execute(Run run);

    /// Several, one after the other.
    static Statement all(List<Statement> statements) {
        List<Statement> copy = List.copyOf(statements);
        return run -> {
            for (Statement statement : copy) {
                Flow flow = statement.execute(run);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            return Flow.ON;
        };
    }

    /// One whose errors name its line.
    static Statement at(int line, Statement statement) {
        return run -> {
            try {
                run.step();
                return statement.execute(run);
            } catch (JinjaException e) {
                throw e.at(line);
            }
        };
    }
}
