package org.ternlm.charts;

import java.awt.Shape;
import java.awt.geom.PathIterator;

/// The `d` of an SVG path: each segment relative to the point before, in hundredths of a unit. Differences are taken between
/// rounded points, so that roundings do not add up.
final class SvgPath {
    private static final double STEPS = 100;

    private final StringBuilder text = new StringBuilder();
    private long x;
    private long y;
    private long startX;
    private long startY;
    private char command;

    private SvgPath() {}

    static String of(Shape shape) {
        SvgPath path = new SvgPath();
        double[] points = new double[6];
        for (PathIterator segments = shape.getPathIterator(null); !segments.isDone(); segments.next()) {
            switch (segments.currentSegment(points)) {
                case PathIterator.SEG_MOVETO -> path.move(points);
                case PathIterator.SEG_LINETO -> path.line(points);
                case PathIterator.SEG_QUADTO -> path.curve('q', points, 2);
                case PathIterator.SEG_CUBICTO -> path.curve('c', points, 3);
                default -> path.close();
            }
        }
        return path.text.toString();
    }

    private void move(double[] points) {
        x = steps(points[0]);
        y = steps(points[1]);
        startX = x;
        startY = y;
        command('M');
        number(x);
        number(y);
    }

    private void line(double[] points) {
        long dx = steps(points[0]) - x;
        long dy = steps(points[1]) - y;
        if (dx != 0 || dy != 0) {
            command('l');
            number(dx);
            number(dy);
        }
        x += dx;
        y += dy;
    }

    private void curve(char letter, double[] points, int count) {
        command(letter);
        for (int i = 0; i < count; i++) {
            number(steps(points[2 * i]) - x);
            number(steps(points[2 * i + 1]) - y);
        }
        x = steps(points[2 * count - 2]);
        y = steps(points[2 * count - 1]);
    }

    private void close() {
        command('z');
        x = startX;
        y = startY;
    }

    /// A letter stands for all segments of its kind that follow; after `M` they would be lines.
    private void command(char letter) {
        if (letter != command || letter == 'M') {
            text.append(letter);
        }
        command = letter;
    }

    private static long steps(double value) {
        return Math.round(value * STEPS);
    }

    private void number(long steps) {
        char before = text.charAt(text.length() - 1);
        if (steps < 0) {
            text.append('-');
        } else if (Character.isDigit(before)) {
            text.append(' ');
        }
        long size = Math.abs(steps);
        long whole = size / 100;
        long rest = size % 100;
        if (whole > 0 || rest == 0) {
            text.append(whole);
        }
        if (rest > 0) {
            text.append('.').append(rest / 10);
            if (rest % 10 > 0) {
                text.append(rest % 10);
            }
        }
    }
}
