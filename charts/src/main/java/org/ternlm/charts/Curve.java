package org.ternlm.charts;

/// A named curve through points, in the order of their x. Immutable, safe to share.
public final class Curve {
    /// Larger numbers would overflow while axes are laid out.
    private static final double LARGEST = 1e100;

    /// How a curve is drawn.
    enum Look {
        LINE, POINTS, PALE
    }

    private final String name;
    private final double[] x;
    private final double[] y;
    private final Look look;

    private Curve(String name, double[] x, double[] y, Look look) {
        this.name = name;
        this.x = x;
        this.y = y;
        this.look = look;
    }

    /// A line; a single point is drawn as a dot.
    ///
    /// @param name what the legend says, one line
    /// @param x does not fall, up to 1e100
    /// @param y a value for each x, up to 1e100
    /// @throws IllegalArgumentException if there is no point, or one of them is not such a number
    public static Curve line(String name, double[] x, double[] y) {
        return of(name, x, y, Look.LINE);
    }

    /// A line with a dot on each point, for few points: beyond some sixty the dots are left out.
    ///
    /// @throws IllegalArgumentException as [#line]
    public static Curve points(String name, double[] x, double[] y) {
        return of(name, x, y, Look.POINTS);
    }

    /// A thin, pale line behind the others, in the colour of the curve that comes after it: raw values behind their mean.
    ///
    /// @throws IllegalArgumentException as [#line]
    public static Curve pale(String name, double[] x, double[] y) {
        return of(name, x, y, Look.PALE);
    }

    private static Curve of(String name, double[] x, double[] y, Look look) {
        Words.require("name of a curve", name);
        if (x.length != y.length) {
            throw new IllegalArgumentException("curve \"%s\": %d x and %d y".formatted(name, x.length, y.length));
        }
        if (x.length == 0) {
            throw new IllegalArgumentException("curve \"%s\" has no points".formatted(name));
        }
        for (int i = 0; i < x.length; i++) {
            if (!(Math.abs(x[i]) <= LARGEST) || !(Math.abs(y[i]) <= LARGEST)) {
                throw new IllegalArgumentException("curve \"%s\": point %d is (%s, %s), expected numbers up to %s"
                        .formatted(name, i, x[i], y[i], LARGEST));
            }
            if (i > 0 && x[i] < x[i - 1]) {
                throw new IllegalArgumentException("curve \"%s\": x falls from %s to %s at point %d".formatted(name,
                        x[i - 1], x[i], i));
            }
        }
        return new Curve(name, x.clone(), y.clone(), look);
    }

    /// What the legend says.
    public String name() {
        return name;
    }

    /// Number of points, at least 1.
    public int size() {
        return x.length;
    }

    /// Place of point `i` on the horizontal axis.
    public double x(int i) {
        return x[i];
    }

    /// Place of point `i` on the vertical axis.
    public double y(int i) {
        return y[i];
    }

    Look look() {
        return look;
    }

    /// The curve through some of the points only.
    Curve through(int[] points) {
        double[] keptX = new double[points.length];
        double[] keptY = new double[points.length];
        for (int i = 0; i < points.length; i++) {
            keptX[i] = x[points[i]];
            keptY[i] = y[points[i]];
        }
        return new Curve(name, keptX, keptY, look);
    }
}
