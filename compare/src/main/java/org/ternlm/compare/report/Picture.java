package org.ternlm.compare.report;

import java.util.List;

/// Something drawn.
public sealed interface Picture {
    /// What stands above it.
    String title();

    /// An axis.
    ///
    /// @param label with the unit
    /// @param isLogarithmic whether equal distances are equal factors
    record Axis(String label, boolean isLogarithmic) {
        static Axis linear(String label) {
            return new Axis(label, false);
        }

        static Axis logarithmic(String label) {
            return new Axis(label, true);
        }
    }

    /// A point of a series.
    ///
    /// @param x to the right
    /// @param y upwards
    /// @param low end of an interval, NaN for none
    /// @param high end of an interval, NaN for none
    /// @param label beside it; mostly empty
    record Point(double x, double y, double low, double high, String label) {
        static Point of(double x, double y) {
            return new Point(x, y, Double.NaN, Double.NaN, "");
        }
    }

    /// How a series is drawn.
    enum Look {
        /// A line without marks.
        LINE,
        /// Marks alone.
        MARKS,
        /// Marks with a line.
        BOTH,
        /// A dashed line.
        DASHED
    }

    /// Points that belong together.
    ///
    /// @param name in the legend
    /// @param color index of the page's colours
    /// @param look how it is drawn
    /// @param points in the order of drawing
    record Series(String name, int color, Look look, List<Point> points) {
        public Series {
            points = List.copyOf(points);
        }
    }

    /// Series over two axes.
    ///
    /// @param title what stands above it
    /// @param x axis
    /// @param y axis
    /// @param series in the order of the legend
    record Chart(String title, Axis x, Axis y, List<Series> series) implements Picture {
        public Chart {
            series = series.stream().filter(one -> !one.points().isEmpty()).toList();
        }

        boolean isEmpty() {
            return series.isEmpty();
        }
    }

    /// A bar.
    ///
    /// @param label to the left
    /// @param shares of its parts, in the order of the parts' names
    record Bar(String label, List<Double> shares) {
        public Bar {
            shares = List.copyOf(shares);
        }
    }

    /// Bars that are divided into shares of 1.
    ///
    /// @param title what stands above it
    /// @param parts their names
    /// @param bars from top to bottom
    record Bars(String title, List<String> parts, List<Bar> bars) implements Picture {
        public Bars {
            parts = List.copyOf(parts);
            bars = List.copyOf(bars);
        }
    }
}
