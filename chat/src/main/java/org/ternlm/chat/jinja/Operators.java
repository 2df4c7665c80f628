package org.ternlm.chat.jinja;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.ternlm.chat.jinja.Value.Items;
import org.ternlm.chat.jinja.Value.Mapping;
import org.ternlm.chat.jinja.Value.None;
import org.ternlm.chat.jinja.Value.Real;
import org.ternlm.chat.jinja.Value.Truth;
import org.ternlm.chat.jinja.Value.Undefined;
import org.ternlm.chat.jinja.Value.Whole;

/// What Python's operators do with the values of templates.
final class Operators {
    private Operators() {}

    static boolean isTrue(Value value) {
        return switch (value) {
            case Undefined _,None _ -> false;
            case Truth truth -> truth == Truth.TRUE;
            case Whole whole -> whole.value() != 0;
            case Real real -> real.value() != 0;
            case MarkedText text -> !text.isEmpty();
            case Items items -> !items.values().isEmpty();
            case Mapping mapping -> !mapping.entries().isEmpty();
            case Value.Namespace _,Value.Function _ -> true;
        };
    }

    /// What a value is called in messages.
    static String kind(Value value) {
        return switch (value) {
            case Undefined undefined -> undefined.what() + ", which is not defined,";
            case None _ -> "none";
            case Truth _ -> "a truth value";
            case Whole _,Real _ -> "a number";
            case MarkedText _ -> "a string";
            case Items _ -> "a list";
            case Mapping _ -> "a dictionary";
            case Value.Namespace _ -> "a namespace";
            case Value.Function _ -> "a function";
        };
    }

    static MarkedText text(Value value, String what) {
        if (value instanceof MarkedText text) {
            return text;
        }
        throw new JinjaException(what + ": expected a string, found " + kind(value));
    }

    static long whole(Value value, String what) {
        return switch (value) {
            case Whole whole -> whole.value();
            case Truth truth -> truth == Truth.TRUE ? 1 : 0;
            default -> throw new JinjaException(what + ": expected an integer, found " + kind(value));
        };
    }

    static boolean isNumber(Value value) {
        return value instanceof Whole || value instanceof Real || value instanceof Truth;
    }

    static double real(Value value) {
        return switch (value) {
            case Whole whole -> whole.value();
            case Real real -> real.value();
            case Truth truth -> truth == Truth.TRUE ? 1 : 0;
            default -> throw new JinjaException("expected a number, found " + kind(value));
        };
    }

    /// What a loop goes over: elements, keys, or characters.
    static List<Value> elements(Value value) {
        return switch (value) {
            case Items items -> items.values();
            case Mapping mapping -> List.copyOf(mapping.entries().keySet());
            case Undefined _ -> List.of();
            case MarkedText text -> {
                List<Value> characters = new ArrayList<>();
                for (int i = 0; i < text.length();) {
                    int end = text.text().offsetByCodePoints(i, 1);
                    characters.add(text.slice(i, end));
                    i = end;
                }
                yield characters;
            }
            default -> throw new JinjaException(kind(value) + " has no elements");
        };
    }

    static Value binary(Run run, String operator, Value left, Value right) {
        return switch (operator) {
            case "~" -> run.made(PythonText.of(left).plus(PythonText.of(right)));
            case "+" -> add(run, left, right);
            case "*" -> multiply(run, left, right);
            case "%" -> left instanceof MarkedText format
                    ? run.made(PythonText.formatted(format, right))
                    : arithmetic(operator, left, right);
            default -> arithmetic(operator, left, right);
        };
    }

    private static Value add(Run run, Value left, Value right) {
        if (left instanceof MarkedText first && right instanceof MarkedText second) {
            return run.made(first.plus(second));
        }
        if (left instanceof Items first && right instanceof Items second && first.isTuple() == second.isTuple()) {
            run.steps(first.values().size() + (long) second.values().size());
            List<Value> all = new ArrayList<>(first.values());
            all.addAll(second.values());
            return new Items(all, first.isTuple());
        }
        return arithmetic("+", left, right);
    }

    private static Value multiply(Run run, Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return arithmetic("*", left, right);
        }
        Value repeated = isNumber(left) ? right : left;
        long count = Math.max(0, whole(isNumber(left) ? left : right, "*"));
        if (repeated instanceof MarkedText text) {
            run.characters(Math.multiplyHigh(text.length(), count) != 0 ? Long.MAX_VALUE / 2 : text.length() * count);
            MarkedText.Builder builder = new MarkedText.Builder();
            for (long i = 0; i < count && !text.isEmpty(); i++) {
                builder.append(text);
            }
            return builder.build();
        }
        if (repeated instanceof Items items) {
            List<Value> all = new ArrayList<>();
            for (long i = 0; i < count && !items.values().isEmpty(); i++) {
                run.steps(items.values().size());
                all.addAll(items.values());
            }
            return new Items(all, items.isTuple());
        }
        throw new JinjaException("* of " + kind(left) + " and " + kind(right));
    }

    private static Value arithmetic(String operator, Value left, Value right) {
        if (!isNumber(left) || !isNumber(right)) {
            throw new JinjaException(operator + " of " + kind(left) + " and " + kind(right));
        }
        try {
            return left instanceof Real || right instanceof Real || operator.equals("/")
                    ? new Real(reals(operator, real(left), real(right)))
                    : new Whole(wholes(operator, whole(left, operator), whole(right, operator)));
        } catch (ArithmeticException e) {
            throw new JinjaException(operator + " of these numbers: " + e.getMessage());
        }
    }

    private static long wholes(String operator, long left, long right) {
        return switch (operator) {
            case "+" -> Math.addExact(left, right);
            case "-" -> Math.subtractExact(left, right);
            case "*" -> Math.multiplyExact(left, right);
            case "//" -> Math.floorDiv(left, right);
            case "%" -> Math.floorMod(left, right);
            case "**" -> {
                double power = Math.pow(left, right);
                if (right < 0 || Math.abs(power) > 1L << 53) {
                    throw new ArithmeticException("out of range");
                }
                yield (long) power;
            }
            default -> throw new IllegalStateException(operator);
        };
    }

    private static double reals(String operator, double left, double right) {
        if (right == 0 && (operator.equals("/") || operator.equals("//") || operator.equals("%"))) {
            throw new ArithmeticException("division by zero");
        }
        return switch (operator) {
            case "+" -> left + right;
            case "-" -> left - right;
            case "*" -> left * right;
            case "/" -> left / right;
            case "//" -> Math.floor(left / right);
            case "%" -> left - right * Math.floor(left / right);
            case "**" -> Math.pow(left, right);
            default -> throw new IllegalStateException(operator);
        };
    }

    static Value signed(Value value, boolean negated) {
        if (!isNumber(value)) {
            throw new JinjaException("a sign before " + kind(value));
        }
        return !negated ? value : value instanceof Real real ? new Real(-real.value()) : new Whole(-whole(value, "-"));
    }

    static boolean compare(String operator, Value left, Value right) {
        return switch (operator) {
            case "==" -> equal(left, right);
            case "!=" -> !equal(left, right);
            case "in" -> contains(right, left);
            case "not in" -> !contains(right, left);
            case "<" -> order(left, right) < 0;
            case "<=" -> order(left, right) <= 0;
            case ">" -> order(left, right) > 0;
            case ">=" -> order(left, right) >= 0;
            default -> throw new IllegalStateException(operator);
        };
    }

    static boolean equal(Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return real(left) == real(right);
        }
        if (left instanceof Undefined && right instanceof Undefined) {
            return true;
        }
        if (left instanceof Items first && right instanceof Items second) {
            return first.isTuple() == second.isTuple() && equal(first.values(), second.values());
        }
        if (left instanceof Mapping first && right instanceof Mapping second) {
            return first.entries().keySet().equals(second.entries().keySet())
                    && first.entries().entrySet().stream().allMatch(entry -> {
                        Value other = second.entries().get(entry.getKey());
                        return other != null && equal(entry.getValue(), other);
                    });
        }
        return left.equals(right);
    }

    private static boolean equal(List<Value> left, List<Value> right) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i))) {
                return false;
            }
        }
        return true;
    }

    static int order(Value left, Value right) {
        if (isNumber(left) && isNumber(right)) {
            return Double.compare(real(left), real(right));
        }
        if (left instanceof MarkedText first && right instanceof MarkedText second) {
            return first.text().compareTo(second.text());
        }
        throw new JinjaException("no order between " + kind(left) + " and " + kind(right));
    }

    static boolean contains(Value container, Value element) {
        return switch (container) {
            case MarkedText text -> text.text().contains(text(element, "in").text());
            case Mapping mapping -> containsEqual(mapping.entries().keySet(), element);
            case Items items -> containsEqual(items.values(), element);
            case Undefined _ -> false;
            default -> throw new JinjaException("in: " + kind(container) + " has no elements");
        };
    }

    private static boolean containsEqual(Collection<Value> values, Value element) {
        return values.stream().anyMatch(value -> equal(value, element));
    }
}
