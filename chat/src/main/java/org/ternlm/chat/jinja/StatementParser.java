package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.ternlm.chat.jinja.Statement.Flow;

/// Reads the statements of a template.
final class StatementParser {
    private static final int DEEPEST = 100;

    private final Cursor cursor;
    private final ExpressionParser expressions;
    private int depth;

    StatementParser(List<Token> tokens) {
        cursor = new Cursor(tokens);
        expressions = new ExpressionParser(cursor);
    }

    /// The whole template.
    Statement template() {
        Statement body = body(Set.of());
        if (cursor.peek().kind() != Token.Kind.END) {
            throw cursor.wrong("the end of the template");
        }
        return body;
    }

    /// Statements up to a block with one of these names, whose name is next then.
    private Statement body(Set<String> ends) {
        if (++depth > DEEPEST) {
            throw new JinjaException("blocks are nested deeper than " + DEEPEST).at(cursor.peek().line());
        }
        List<Statement> statements = new ArrayList<>();
        while (true) {
            Token token = cursor.next();
            switch (token.kind()) {
                case DATA -> {
                    MarkedText data = MarkedText.own(token.text());
                    statements.add(run -> {
                        run.write(data);
                        return Flow.ON;
                    });
                }
                case OUTPUT_START -> {
                    Expression value = expressions.tuple();
                    cursor.expect(Token.Kind.OUTPUT_END, "}}");
                    statements.add(Statement.at(token.line(), run -> {
                        run.write(PythonText.of(value.evaluate(run)));
                        return Flow.ON;
                    }));
                }
                case BLOCK_START -> {
                    if (cursor.peek().kind() == Token.Kind.NAME && ends.contains(cursor.peek().text())) {
                        depth--;
                        return Statement.all(statements);
                    }
                    statements.add(Statement.at(token.line(), block()));
                }
                default -> {
                    if (!ends.isEmpty()) {
                        throw new JinjaException("expected " + String.join(" or ", ends.stream().sorted().toList())
                                + ", found " + token.described()).at(token.line());
                    }
                    depth--;
                    return Statement.all(statements);
                }
            }
        }
    }

    private Statement block() {
        Token name = cursor.expect(Token.Kind.NAME, "the name of a block");
        return switch (name.text()) {
            case "if" -> conditional();
            case "for" -> loop();
            case "set" -> assignment();
            case "macro" -> macro();
            case "call" -> call();
            case "with" -> with();
            case "filter" -> filtered();
            case "break" -> flow(Flow.BREAK);
            case "continue" -> flow(Flow.CONTINUE);
            // Hugging Face marks by it what an assistant wrote; for the text it is nothing.
            case "generation" -> {
                end();
                yield closed("endgeneration");
            }
            default -> throw new JinjaException("there is no block " + name.text()).at(name.line());
        };
    }

    private void end() {
        cursor.expect(Token.Kind.BLOCK_END, "%}");
    }

    private Statement flow(Flow flow) {
        end();
        return run -> flow;
    }

    /// A body and the block that ends it.
    private Statement closed(String end) {
        Statement body = body(Set.of(end));
        cursor.expectName(end);
        end();
        return body;
    }

    private Statement conditional() {
        Expression condition = expressions.tuple();
        end();
        Statement then = body(Set.of("elif", "else", "endif"));
        Statement otherwise = run -> Flow.ON;
        int line = cursor.peek().line();
        if (cursor.skipName("elif")) {
            if (++depth > DEEPEST) {
                throw new JinjaException("more than " + DEEPEST + " blocks elif").at(line);
            }
            otherwise = Statement.at(line, conditional());
            depth--;
        } else if (cursor.skipName("else")) {
            end();
            otherwise = closed("endif");
        } else {
            cursor.expectName("endif");
            end();
        }
        Statement rest = otherwise;
        return run -> (Operators.isTrue(condition.evaluate(run)) ? then : rest).execute(run);
    }

    private Statement loop() {
        Target target = target();
        cursor.expectName("in");
        // A condition belongs to the loop here, not to the expression.
        Expression over = expressions.or();
        Optional<Expression> condition = cursor.skipName("if")
                ? Optional.of(expressions.expression())
                : Optional.empty();
        if (cursor.isName("recursive")) {
            throw new JinjaException("recursive loops are not supported").at(cursor.peek().line());
        }
        end();
        Statement body = body(Set.of("else", "endfor"));
        Statement otherwise = run -> Flow.ON;
        if (cursor.skipName("else")) {
            end();
            otherwise = closed("endfor");
        } else {
            cursor.expectName("endfor");
            end();
        }
        return new Loop(target, over, condition, body, otherwise);
    }

    /// The names behind `for` or `set`, separated by commas.
    private Target target() {
        boolean parenthesised = cursor.skipOperator("(");
        List<Target> targets = new ArrayList<>();
        do {
            String name = cursor.expect(Token.Kind.NAME, "a name").text();
            targets.add(cursor.skipOperator(".")
                    ? new Target.Member(name, cursor.expect(Token.Kind.NAME, "a name").text())
                    : new Target.Name(name));
        } while (cursor.skipOperator(","));
        if (parenthesised) {
            cursor.expectOperator(")");
        }
        return targets.size() == 1 ? targets.getFirst() : new Target.Several(targets);
    }

    private Statement assignment() {
        Target target = target();
        if (cursor.skipOperator("=")) {
            Expression value = expressions.tuple();
            end();
            return run -> {
                target.set(run, value.evaluate(run));
                return Flow.ON;
            };
        }
        Filtering filtering = filtering();
        end();
        Statement body = closed("endset");
        return run -> {
            target.set(run, filtering.of(run, captured(run, body)));
            return Flow.ON;
        };
    }

    private static MarkedText captured(Run run, Statement body) {
        return run.captured(() -> {
            Flow flow = run.within(new Scope(run.scope()), () -> body.execute(run));
            if (flow != Flow.ON) {
                throw new JinjaException("a loop cannot be left from here");
            }
        });
    }

    /// Filters that stand in a block, for a value that comes later.
    private record Filtering(Expression expression) {
        private static final String VALUE = " filtered";

        Value of(Run run, Value value) {
            Scope scope = new Scope(run.scope());
            scope.set(VALUE, value);
            return run.within(scope, () -> expression.evaluate(run));
        }
    }

    private Filtering filtering() {
        Expression value = run -> run.scope().find(Filtering.VALUE);
        while (cursor.skipOperator("|")) {
            value = expressions.operands().filter(value);
        }
        return new Filtering(value);
    }

    private Statement filtered() {
        Expression start = run -> run.scope().find(Filtering.VALUE);
        Expression value = expressions.operands().filter(start);
        while (cursor.skipOperator("|")) {
            value = expressions.operands().filter(value);
        }
        Filtering filtering = new Filtering(value);
        end();
        Statement body = closed("endfilter");
        return run -> {
            run.write(PythonText.of(filtering.of(run, captured(run, body))));
            return Flow.ON;
        };
    }

    private Statement with() {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (cursor.peek().kind() == Token.Kind.NAME) {
            targets.add(new Target.Name(cursor.next().text()));
            cursor.expectOperator("=");
            values.add(expressions.expression());
            cursor.skipOperator(",");
        }
        end();
        Statement body = closed("endwith");
        return run -> {
            List<Value> evaluated = values.stream().map(value -> value.evaluate(run)).toList();
            return run.within(new Scope(run.scope()), () -> {
                for (int i = 0; i < targets.size(); i++) {
                    targets.get(i).set(run, evaluated.get(i));
                }
                return body.execute(run);
            });
        };
    }

    private Statement macro() {
        String name = cursor.expect(Token.Kind.NAME, "a name").text();
        List<Macro.Parameter> parameters = parameters();
        end();
        Statement body = closed("endmacro");
        return run -> {
            run.scope().set(name, new Macro(name, parameters, body, run.scope()));
            return Flow.ON;
        };
    }

    private List<Macro.Parameter> parameters() {
        List<Macro.Parameter> parameters = new ArrayList<>();
        cursor.expectOperator("(");
        while (!cursor.skipOperator(")")) {
            String parameter = cursor.expect(Token.Kind.NAME, "a parameter").text();
            parameters.add(new Macro.Parameter(parameter,
                    cursor.skipOperator("=") ? Optional.of(expressions.expression()) : Optional.empty()));
            if (!cursor.isOperator(")")) {
                cursor.expectOperator(",");
            }
        }
        return parameters;
    }

    private Statement call() {
        List<Macro.Parameter> parameters = cursor.isOperator("(") ? parameters() : List.of();
        Expression caller = run -> run.scope().find(Macro.CALLER);
        Expression call = expressions.operands().callWith(caller);
        end();
        Statement body = closed("endcall");
        return run -> {
            Scope scope = new Scope(run.scope());
            scope.set(Macro.CALLER, new Macro(Macro.CALLER, parameters, body, run.scope()));
            run.write(PythonText.of(run.within(scope, () -> call.evaluate(run))));
            return Flow.ON;
        };
    }
}
