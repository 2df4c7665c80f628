package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Reads expressions, with Jinja's order of operators: `if else`, `or`, `and`, `not`, comparisons, `+ -`, `~`,
/// `* / // %`, `**`, signs, and closest of all members, calls, filters and tests.
final class ExpressionParser {
    private static final int DEEPEST = 200;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final Cursor cursor;
    private final OperandParser operands;
    private int depth;

    ExpressionParser(Cursor cursor) {
        this.cursor = cursor;
        operands = new OperandParser(cursor, this);
    }

    /// What stands between operators.
    OperandParser operands() {
        return operands;
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
        return OperandParser.items(parts, true);
    }

    private boolean startsExpression() {
        Token token = cursor.peek();
        return OperandParser.STARTS.contains(token.kind()) || token.kind() == Token.Kind.OPERATOR
                && Set.of("(", "[", "{", "-", "+").contains(token.text());
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
            result = operands.primary();
        }
        result = operands.postfix(result);
        return withFilters ? operands.filtersAndTests(result) : result;
    }
}
