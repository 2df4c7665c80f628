package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Reads expressions, with Jinja's order of operators: `if else`, `or`, `and`, `not`, comparisons, `+ -`, `~`,
/// `* / // %`, `**`, signs, and closest of all members, calls, filters and tests.
final class ExpressionParser {
    private static final int DEEPEST = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");
    private static final Set<Token.Kind> ARGUMENT_STARTS = Set.of(Token.Kind.NAME, Token.Kind.STRING,
            Token.Kind.WHOLE, Token.Kind.REAL);
    private static final Set<String> WORDS = Set.of("else", "or", "and", "is", "if", "not", "in");

    private final Cursor cursor;
    private int depth;

    ExpressionParser(Cursor cursor) {
        this.cursor = cursor;
    }

    /// An expression, or a tuple without parentheses.
    Expression tuple() {
        Expression first = expression();
        if (!cursor.isOperator(",")) {
            return first;
        }
        List<Expression> parts = new ArrayList<>(List.of(first));
        while (cursor.skipOperator(",") && startsExpression()) {
            parts.add(expression());
        }
        return items(parts, true);
    }

    private boolean startsExpression() {
        Token token = cursor.peek();
        return ARGUMENT_STARTS.contains(token.kind()) || token.kind() == Token.Kind.OPERATOR
                && Set.of("(", "[", "{", "-", "+").contains(token.text());
    }

    private static Expression items(List<Expression> parts, boolean isTuple) {
        return run -> {
            List<Value> values = new ArrayList<>(parts.size());
            parts.forEach(part -> values.add(part.evaluate(run)));
            return new Value.Items(values, isTuple);
        };
    }

    Expression expression() {
        if (++depth > DEEPEST) {
            throw new JinjaException("expressions are nested deeper than " + DEEPEST).at(cursor.peek().line());
        }
        Expression result = or();
        while (cursor.skipName("if")) {
            Expression value = result;
            Expression condition = or();
            Optional<Expression> otherwise = cursor.skipName("else") ? Optional.of(expression()) : Optional.empty();
            result = run -> Operators.isTrue(condition.evaluate(run))
                    ? value.evaluate(run)
                    : otherwise.isPresent() ? otherwise.get().evaluate(run) : new Value.Undefined("no else");
        }
        depth--;
        return result;
    }

    Expression or() {
        Expression left = and();
        while (cursor.skipName("or")) {
            Expression first = left;
            Expression second = and();
            left = run -> {
                Value value = first.evaluate(run);
                return Operators.isTrue(value) ? value : second.evaluate(run);
            };
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (cursor.skipName("and")) {
            Expression first = left;
            Expression second = not();
            left = run -> {
                Value value = first.evaluate(run);
                return Operators.isTrue(value) ? second.evaluate(run) : value;
            };
        }
        return left;
    }

    private Expression not() {
        int count = 0;
        while (cursor.skipName("not")) {
            count++;
        }
        Expression operand = comparison();
        if (count == 0) {
            return operand;
        }
        boolean negated = count % 2 == 1;
        return run -> Value.Truth.of(Operators.isTrue(operand.evaluate(run)) != negated);
    }

    private record Comparison(String operator, Expression right) {}

    private Expression comparison() {
        Expression left = sum();
        List<Comparison> comparisons = new ArrayList<>();
        while (true) {
            Token token = cursor.peek();
            if (token.kind() == Token.Kind.OPERATOR && COMPARISONS.contains(token.text())) {
                cursor.next();
                comparisons.add(new Comparison(token.text(), sum()));
            } else if (cursor.skipName("in")) {
                comparisons.add(new Comparison("in", sum()));
            } else if (cursor.isName("not") && cursor.peek(1).is(Token.Kind.NAME, "in")) {
                cursor.next();
                cursor.next();
                comparisons.add(new Comparison("not in", sum()));
            } else {
                return comparisons.isEmpty() ? left : chain(left, comparisons);
            }
        }
    }

    private static Expression chain(Expression first, List<Comparison> comparisons) {
        return run -> {
            Value left = first.evaluate(run);
            for (Comparison comparison : comparisons) {
                Value right = comparison.right.evaluate(run);
                if (!Operators.compare(comparison.operator, left, right)) {
                    return Value.Truth.FALSE;
                }
                left = right;
            }
            return Value.Truth.TRUE;
        };
    }

    private Expression sum() {
        Expression left = concatenation();
        while (cursor.isOperator("+") || cursor.isOperator("-")) {
            left = binary(cursor.next().text(), left, concatenation());
        }
        return left;
    }

    private Expression concatenation() {
        Expression left = product();
        while (cursor.isOperator("~")) {
            left = binary(cursor.next().text(), left, product());
        }
        return left;
    }

    private Expression product() {
        Expression left = power();
        while (cursor.isOperator("*") || cursor.isOperator("/") || cursor.isOperator("//") || cursor.isOperator("%")) {
            left = binary(cursor.next().text(), left, power());
        }
        return left;
    }

    private Expression power() {
        Expression left = unary(true);
        while (cursor.isOperator("**")) {
            left = binary(cursor.next().text(), left, unary(true));
        }
        return left;
    }

    private static Expression binary(String operator, Expression left, Expression right) {
        return run -> Operators.binary(run, operator, left.evaluate(run), right.evaluate(run));
    }

    private Expression unary(boolean withFilters) {
        Expression result;
        if (cursor.isOperator("-") || cursor.isOperator("+")) {
            if (++depth > DEEPEST) {
                throw new JinjaException("expressions are nested deeper than " + DEEPEST).at(cursor.peek().line());
            }
            boolean negated = cursor.next().text().equals("-");
            Expression operand = unary(false);
            depth--;
            result = run -> Operators.signed(operand.evaluate(run), negated);
        } else {
            result = primary();
        }
        result = postfix(result);
        return withFilters ? filtersAndTests(result) : result;
    }

    private Expression primary() {
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
        Expression inner = tuple();
        cursor.expectOperator(")");
        return inner;
    }

    private List<Expression> list(String end) {
        List<Expression> parts = new ArrayList<>();
        while (!cursor.skipOperator(end)) {
            parts.add(expression());
            if (!cursor.isOperator(end)) {
                cursor.expectOperator(",");
            }
        }
        return parts;
    }

    private Expression dictionary() {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!cursor.skipOperator("}")) {
            Expression key = expression();
            cursor.expectOperator(":");
            entries.add(Map.entry(key, expression()));
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

    private Expression postfix(Expression start) {
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
        Expression start = cursor.isOperator(":") ? none : tuple();
        if (cursor.skipOperator("]")) {
            return run -> Members.item(run, of.evaluate(run), start.evaluate(run));
        }
        cursor.expectOperator(":");
        Expression end = cursor.isOperator(":") || cursor.isOperator("]") ? none : expression();
        Expression step = cursor.skipOperator(":") && !cursor.isOperator("]") ? expression() : none;
        cursor.expectOperator("]");
        return run -> Members.slice(of.evaluate(run), start.evaluate(run), end.evaluate(run), step.evaluate(run));
    }

    private Expression call(Expression of) {
        ParsedArguments arguments = arguments();
        return run -> {
            run.step();
            Value function = of.evaluate(run);
            if (function instanceof Value.Function callable) {
                return callable.call(run, arguments.evaluate(run));
            }
            throw new JinjaException(function instanceof Value.Undefined undefined
                    ? "there is no function " + undefined.what()
                    : Operators.kind(function) + " cannot be called");
        };
    }

    private record ParsedArguments(List<Expression> positional, Map<String, Expression> named) {
        Arguments evaluate(Run run) {
            List<Value> values = new ArrayList<>();
            positional.forEach(expression -> values.add(expression.evaluate(run)));
            Map<String, Value> byName = new LinkedHashMap<>();
            named.forEach((name, expression) -> byName.put(name, expression.evaluate(run)));
            return new Arguments(values, byName);
        }
    }

    private ParsedArguments arguments() {
        cursor.expectOperator("(");
        List<Expression> positional = new ArrayList<>();
        Map<String, Expression> named = new LinkedHashMap<>();
        while (!cursor.skipOperator(")")) {
            if (cursor.peek().kind() == Token.Kind.NAME && cursor.peek(1).is(Token.Kind.OPERATOR, "=")) {
                String name = cursor.next().text();
                cursor.next();
                named.put(name, expression());
            } else {
                positional.add(expression());
            }
            if (!cursor.isOperator(")")) {
                cursor.expectOperator(",");
            }
        }
        return new ParsedArguments(positional, named);
    }

    private Expression filtersAndTests(Expression start) {
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
                : new ParsedArguments(List.of(), Map.of());
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
        boolean isArgument = ARGUMENT_STARTS.contains(token.kind()) && !WORDS.contains(token.text())
                || cursor.isOperator("[") || cursor.isOperator("{");
        return new ParsedArguments(isArgument ? List.of(postfix(primary())) : List.of(), Map.of());
    }
}
