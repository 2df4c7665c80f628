package org.ternlm.charts;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// A chart of curves over one horizontal and one vertical axis. Immutable, safe to share.
///
/// The same numbers give the same bytes on the same machine; on another, the sans-serif font may have other outlines.
///
/// @param title what stands above it, one line
/// @param curves in the order of the legend, which is that of their colours
/// @param marks lines across it
public record LineChart(String title, Axis x, Axis y, List<Curve> curves, List<Mark> marks) {
    /// @throws IllegalArgumentException if two curves or marks have the same name, or something is not above 0 on a
    /// logarithmic axis
    public LineChart {
        Words.require("title of a chart", title);
        curves = List.copyOf(curves);
        marks = List.copyOf(marks);
        Set<String> names = new HashSet<>();
        Stream.concat(curves.stream().map(Curve::name), marks.stream().map(Mark::name)).forEach(name -> {
            if (!names.add(name)) {
                throw new IllegalArgumentException("chart \"%s\" has two curves named \"%s\"".formatted(title, name));
            }
        });
        for (Curve curve : curves) {
            for (int i = 0; i < curve.size(); i++) {
                requirePositive(x, curve.name(), curve.x(i));
                requirePositive(y, curve.name(), curve.y(i));
            }
        }
        marks.forEach(mark -> requirePositive(mark.isVertical() ? x : y, mark.name(), mark.at()));
    }

    /// A chart without curves yet.
    public static LineChart of(String title, Axis x, Axis y) {
        return new LineChart(title, x, y, List.of(), List.of());
    }

    /// The same chart with one more curve.
    public LineChart with(Curve curve) {
        List<Curve> more = new ArrayList<>(curves);
        more.add(curve);
        return new LineChart(title, x, y, more, marks);
    }

    /// The same chart with one more mark.
    public LineChart with(Mark mark) {
        List<Mark> more = new ArrayList<>(marks);
        more.add(mark);
        return new LineChart(title, x, y, curves, more);
    }

    /// Writes the picture, as SVG or PNG by the ending of the file's name; a file that is there is replaced at once.
    /// The PNG has 1520 × 920 pixels, two for each unit of the SVG; a legend of more than two rows adds to the height. Long
    /// curves are thinned so that no peak is lost.
    ///
    /// @throws IllegalArgumentException if there is no curve
    /// @throws NoFontException if the machine has no font
    /// @throws IOException if the file cannot be written, or its name ends otherwise
    public void write(Path file) throws IOException {
        if (curves.isEmpty()) {
            throw new IllegalArgumentException("chart \"%s\" has no curves".formatted(title));
        }
        Picture.Format.of(file);
        Fonts.require();
        Picture.write(LinePicture.of(this), file);
    }

    private static void requirePositive(Axis axis, String name, double value) {
        if (axis.isLogarithmic() && !(value > 0)) {
            throw new IllegalArgumentException("\"%s\": %s cannot stand on a logarithmic axis".formatted(name, value));
        }
    }
}
