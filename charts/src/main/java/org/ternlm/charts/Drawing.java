package org.ternlm.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Point2D;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A picture as a list of shapes, the first at the bottom: what is painted once and written as SVG or PNG. Units are those of
/// the SVG, with y downwards. Not thread-safe.
final class Drawing {
    private final int width;
    private final int height;
    private final String title;
    private final String description;
    private final List<Item> items = new ArrayList<>();
    private @Nullable Stroked open;

    /// @param title what it shows, for those who cannot see it
    /// @param description the names of axes and curves, for the same
    Drawing(int width, int height, String title, String description) {
        this.width = width;
        this.height = height;
        this.title = title;
        this.description = description;
    }

    /// A shape and how it is painted.
    sealed interface Item {
        Shape shape();

        Color color();
    }

    /// A shape's inside.
    record Filled(Shape shape, Color color) implements Item {}

    /// A shape's outline.
    record Stroked(Path2D shape, Color color, BasicStroke stroke) implements Item {}

    int width() {
        return width;
    }

    int height() {
        return height;
    }

    String title() {
        return title;
    }

    String description() {
        return description;
    }

    List<Item> items() {
        return Collections.unmodifiableList(items);
    }

    void fill(Shape shape, Color color) {
        items.add(new Filled(shape, color));
    }

    /// Adds an outline. A line that begins where the one before ended, in the same manner, goes on with it: a curve becomes
    /// one path, with its corners joined and its dashes even.
    void stroke(Path2D path, Color color, BasicStroke stroke) {
        Stroked added = new Stroked(path, color, stroke);
        items.add(added);
        open = added;
    }

    /// The same for a straight line.
    void stroke(Line2D line, Color color, BasicStroke stroke) {
        if (open != null && open.stroke.equals(stroke) && open.color.equals(color)) {
            Point2D end = open.shape.getCurrentPoint();
            if (end != null && end.equals(line.getP1())) {
                open.shape.lineTo(line.getX2(), line.getY2());
                return;
            }
        }
        stroke(new Path2D.Double(line), color, stroke);
    }
}
