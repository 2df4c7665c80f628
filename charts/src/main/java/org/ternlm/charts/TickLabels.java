package org.ternlm.charts;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/// What stands at the ticks of an axis: 0.5, 20k, 2e-6. All labels of a linear axis have the same unit and the same number
/// of decimals, which is known only when the ticks are: the axis is laid out twice, first with as many as each number
/// needs, then, after [#settle], with as many as the longest.
///
/// Not thread-safe.
final class TickLabels implements Function<Double, String> {
    private static final int DIGITS = 4;
    private static final int MOST_DECADES = 10;
    private static final double PLAIN_FROM = 1e-4;
    private static final double PLAIN_TO = 1e4;

    private final Range range;
    private final double unit;
    private final int exponent;
    private final List<BigDecimal> shown = new ArrayList<>();
    private int decimals = -1;

    /// @param unit what the layout's 1 is on the axis
    TickLabels(Range range, double unit) {
        this.range = range;
        this.unit = unit;
        this.exponent = exponent(Math.max(Math.abs(range.low()), Math.abs(range.high())));
    }

    /// The power of ten that the labels are in: a multiple of 3 with a letter, or what they end with.
    private static int exponent(double largest) {
        int power = (int) Math.floor(Math.log10(largest));
        if (largest >= PLAIN_FROM && largest < PLAIN_TO) {
            return 0;
        }
        return power > 0 && power < 12 ? power - power % 3 : power;
    }

    private static String suffix(int exponent) {
        return switch (exponent) {
            case 0 -> "";
            case 3 -> "k";
            case 6 -> "M";
            case 9 -> "B";
            default -> "e" + exponent;
        };
    }

    @Override
    public String apply(Double place) {
        return range.isLogarithmic() ? logarithmic(place) : linear(place * unit);
    }

    private String linear(double value) {
        int places = DIGITS - (int) Math.floor(Math.log10(range.span()));
        BigDecimal number = BigDecimal.valueOf(value).setScale(places, RoundingMode.HALF_UP).movePointLeft(exponent)
                .stripTrailingZeros();
        if (decimals < 0) {
            // The layout tries ticks out: a smaller number begins another attempt.
            if (!shown.isEmpty() && number.compareTo(shown.getLast()) <= 0) {
                shown.clear();
            }
            shown.add(number);
        }
        if (number.signum() == 0 && exponent != 0) {
            return "0";
        }
        return number.setScale(Math.max(decimals, Math.max(0, number.scale())), RoundingMode.UNNECESSARY)
                .toPlainString()
                + suffix(exponent);
    }

    /// From now on all labels have as many decimals as the longest of those seen last.
    void settle() {
        decimals = shown.stream().mapToInt(BigDecimal::scale).max().orElse(0);
    }

    /// Only as many of the ticks get a label as there is room for.
    private String logarithmic(double value) {
        int power = (int) Math.floor(Math.log10(value) + 1e-9);
        long digit = Math.round(value / Math.pow(10, power));
        double decades = Math.log10(range.high() / range.low());
        boolean labelled = decades < 1 || decades < 2.5 && (digit == 2 || digit == 5)
                || digit == 1 && power % (1 + (int) decades / MOST_DECADES) == 0;
        if (!labelled) {
            return "";
        }
        int own = exponent(value);
        return new BigDecimal(value, new MathContext(3)).movePointLeft(own).stripTrailingZeros().toPlainString()
                + suffix(own);
    }
}
