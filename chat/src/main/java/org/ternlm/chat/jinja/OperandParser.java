package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads what stands between operators: names and literals, with their members, calls, filters and tests.
final class OperandParser {
    static final Set<Token.Kind> STARTS = Set.of(Token.Kind.NAME, Token.Kind.STRING, Token.Kind.WHOLE,
            Token.Kind.REAL);
    private static final Set<String> WORDS = Set.of("else", "or", "and", "is", "if", "not", "in");

    private final Cursor cursor;
    private final ExpressionParser expressions;

    OperandParser(Cursor cursor, ExpressionParser expressions) {
        this.cursor = cursor;
        this.expressions = expressions;
    }

    static Expression items(List<Expression> parts, boolean isTuple) {
        return run -> {
            List<Value> values = new ArrayList<>(parts.size());
            parts.forEach(part -> values.add(part.evaluate(run)));
            return new Value.Items(values, isTuple);
        };
    }

    Expression primary() {
        Token token = cursor.next();
        return switch (token.kind()) {
            case NAME -> name(token);
            case STRING -> {
                StringBuilder text = new StringBuilder(token.text());
                while (cursor.peek().kind() == Token.Kind.STRING) {
                    text.append(cursor.next().text());
                }
                MarkedText value = MarkedText.own(text.toString());
                yield run -> value;
            }
            case WHOLE, REAL -> {
                Value value = number(token);
                yield run -> value;
            }
            case OPERATOR -> switch (token.text()) {
                case "(" -> parenthesised();
                case "[" -> items(list("]"), false);
                case "{" -> dictionary();
                default -> throw unexpected(token);
            };
            default -> throw unexpected(token);
        };
    }

    private static JinjaException unexpected(Token token) {
        return new JinjaException("expected an expression, found " + token.described()).at(token.line());
    }

    private static Value number(Token token) {
        try {
            return token.kind() == Token.Kind.WHOLE
                    ? new Value.Whole(Long.parseLong(token.text()))
                    : new Value.Real(Double.parseDouble(token.text()));
        } catch (NumberFormatException e) {
            throw new JinjaException("expected a number, found " + token.text()).at(token.line());
        }
    }

    private static Expression name(Token token) {
        return switch (token.text()) {
            case "true", "True" -> run -> Value.Truth.TRUE;
            case "false", "False" -> run -> Value.Truth.FALSE;
            case "none", "None" -> run -> Value.None.NONE;
            default -> {
                if (WORDS.contains(token.text())) {
                    throw unexpected(token);
                }
                String name = token.text();
                yield run -> run.scope().find(name);
            }
        };
    }

    private Expression parenthesised() {
        if (cursor.skipOperator(")")) {
            return items(List.of(), true);
        }
        Expression inner = expressions.tuple();
        cursor.expectOperator(")");
        return inner;
    }

    private List<Expression> list(String end) {
        List<Expression> parts = new ArrayList<>();
        while (!cursor.skipOperator(end)) {
            parts.add(expressions.expression());
            if (!cursor.isOperator(end)) {
                cursor.expectOperator(",");
            }
        }
        return parts;
    }

    private Expression dictionary() {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!cursor.skipOperator("}")) {
            Expression key = expressions.expression();
            cursor.expectOperator(":");
            entries.add(Map.entry(key, expressions.expression()));
            if (!cursor.isOperator("}")) {
                cursor.expectOperator(",");
            }
        }
        return run -> {
            Map<Value, Value> values = new LinkedHashMap<>();
            entries.forEach(entry -> values.put(entry.getKey().evaluate(run), entry.getValue().evaluate(run)));
            return new Value.Mapping(values);
        };
    }

    Expression postfix(Expression start) {
        Expression result = start;
        while (true) {
            if (cursor.skipOperator(".")) {
                result = member(result);
            } else if (cursor.skipOperator("[")) {
                result = subscript(result);
            } else if (cursor.isOperator("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    private Expression member(Expression of) {
        if (cursor.peek().kind() == Token.Kind.WHOLE) {
            Value index = number(cursor.next());
            return run -> Members.item(run, of.evaluate(run), index);
        }
        String name = cursor.expect(Token.Kind.NAME, "a name").text();
        return run -> Members.attribute(run, of.evaluate(run), name);
    }

    private Expression subscript(Expression of) {
        Expression none = run -> Value.None.NONE;
        Expression start = cursor.isOperator(":") ? none : expressions.tuple();
        if (cursor.skipOperator("]")) {
            return run -> Members.item(run, of.evaluate(run), start.evaluate(run));
        }
        cursor.expectOperator(":");
        Expression end = cursor.isOperator(":") || cursor.isOperator("]") ? none : expressions.expression();
        Expression step = cursor.skipOperator(":") && !cursor.isOperator("]") ? expressions.expression() : none;
        cursor.expectOperator("]");
        return run -> Members.slice(of.evaluate(run), start.evaluate(run), end.evaluate(run), step.evaluate(run));
    }

    private Expression call(Expression of) {
        ParsedArguments arguments = arguments();
        return run -> called(run, of.evaluate(run), arguments.evaluate(run));
    }

    private static Value called(Run run, Value function, Arguments arguments) {
        run.step();
        if (function instanceof Value.Function callable) {
            return callable.call(run, arguments);
        }
        throw new JinjaException(function instanceof Value.Undefined undefined
                ? "there is no function " + undefined.what()
                : Operators.kind(function) + " cannot be called");
    }

    /// The call of a macro in a block, which hands on a macro made of the block's body.
    Expression callWith(Expression caller) {
        Expression function = primary();
        while (cursor.skipOperator(".")) {
            function = member(function);
        }
        Expression macro = function;
        ParsedArguments arguments = arguments();
        return run -> called(run, macro.evaluate(run),
                arguments.evaluate(run).with(Macro.CALLER, caller.evaluate(run)));
    }

    private ParsedArguments arguments() {
        cursor.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Set<Expression> spread = new HashSet<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!cursor.skipOperator(")")) {
            if (cursor.peek().kind() == Token.Kind.NAME && cursor.peek(1).is(Token.Kind.OPERATOR, "=")) {
                String name = cursor.next().text();
                cursor.next();
                named.put(name, expressions.expression());
            } else {
                boolean isSpread = cursor.skipOperator("*");
                positional.add(expressions.expression());
                if (isSpread) {
                    spread.add(positional.getLast());
                }
            }
            if (!cursor.isOperator(")")) {
                cursor.expectOperator(",");
            }
        }
        return new ParsedArguments(positional, spread, named);
    }

    Expression filtersAndTests(Expression start) {
        Expression result = start;
        while (true) {
            if (cursor.skipOperator("|")) {
                result = filter(result);
            } else if (cursor.skipName("is")) {
                result = test(result);
            } else if (cursor.isOperator("(")) {
                result = call(result);
            } else {
                return result;
            }
        }
    }

    /// A filter of `value`, whose bar has been read.
    Expression filter(Expression value) {
        Token token = cursor.expect(Token.Kind.NAME, "a filter");
        Value.Function filter = Filters.named(token.text())
                .orElseThrow(() -> new JinjaException("there is no filter " + token.text()).at(token.line()));
        ParsedArguments arguments = cursor.isOperator("(")
                ? arguments()
                : ParsedArguments.NONE;
        return run -> {
            run.step();
            return filter.call(run, arguments.evaluate(run).after(value.evaluate(run)));
        };
    }

    private Expression test(Expression value) {
        boolean negated = cursor.skipName("not");
        Token token = cursor.next();
        ValueTest test = ValueTest.named(token.text())
                .orElseThrow(() -> new JinjaException("there is no test " + token.described()).at(token.line()));
        ParsedArguments arguments = testArguments();
        return run -> Value.Truth.of(test.holds(value.evaluate(run), arguments.evaluate(run)) != negated);
    }

    private ParsedArguments testArguments() {
        Token token = cursor.peek();
        if (cursor.isOperator("(")) {
            return arguments();
        }
        boolean isArgument = STARTS.contains(token.kind()) && !WORDS.contains(token.text())
                || cursor.isOperator("[") || cursor.isOperator("{");
        return isArgument
                ? new ParsedArguments(List.of(postfix(primary())), Set.of(), Map.of())
                : ParsedArguments.NONE;
    }
}
