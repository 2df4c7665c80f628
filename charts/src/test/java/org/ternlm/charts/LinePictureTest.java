package org.ternlm.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.awt.Color;
import java.awt.Shape;
import java.awt.geom.Path2D;
import java.awt.geom.PathIterator;
import java.awt.geom.Rectangle2D;
import java.util.ArrayList;
import java.util.List;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Where things lie in the picture, against the grid.
class LinePictureTest {
    /// XChart cuts some of its margins to whole units.
    private static final Offset<Double> CUT = within(0.5);
    private static final Color FIRST = Palette.curve(0);

    private static Drawing picture(Axis x, Axis y, Curve... curves) {
        LineChart chart = LineChart.of("A chart with a long title ".repeat(9).strip(), x, y);
        for (Curve curve : curves) {
            chart = chart.with(curve);
        }
        return LinePicture.of(chart);
    }

    /// Where the vertical lines of the grid are, from the left.
    private static List<Double> columns(Drawing drawing) {
        return grid(drawing).filter(b -> b.getHeight() > b.getWidth()).map(Rectangle2D::getCenterX).sorted().toList();
    }

    /// Where the horizontal lines of the grid are, from below.
    private static List<Double> rows(Drawing drawing) {
        return grid(drawing).filter(b -> b.getWidth() > b.getHeight()).map(Rectangle2D::getCenterY).sorted().toList()
                .reversed();
    }

    private static java.util.stream.Stream<Rectangle2D> grid(Drawing drawing) {
        return drawing.items().stream().filter(item -> item.color().equals(Palette.GRID))
                .map(item -> item.shape().getBounds2D());
    }

    /// The corners of the longest path of a colour: the curve, not its sample in the legend.
    private static List<double[]> path(Drawing drawing, Color color) {
        List<double[]> longest = List.of();
        for (Drawing.Item item : drawing.items()) {
            if (item instanceof Drawing.Stroked && item.color().equals(color)) {
                List<double[]> corners = corners(item.shape());
                longest = corners.size() >= longest.size() ? corners : longest;
            }
        }
        return longest;
    }

    private static List<double[]> corners(Shape shape) {
        List<double[]> corners = new ArrayList<>();
        for (PathIterator i = shape.getPathIterator(null); !i.isDone(); i.next()) {
            double[] point = new double[6];
            i.currentSegment(point);
            corners.add(point);
        }
        return corners;
    }

    @ParameterizedTest
    @ValueSource(doubles = {1e-12, 1e-4, 1, 1e5, 1e9})
    void pointsLieOnTheirTicksAtAnyScale(double scale) {
        // The margin is a 25th as well: evenly spaced numbers must not draw the ticks to themselves.
        double[] x = new double[26];
        double[] y = new double[26];
        for (int i = 0; i < x.length; i++) {
            x[i] = 4 * i * scale;
            y[i] = 0.2 * i * scale;
        }
        Drawing drawing = picture(Axis.linear("x"), Axis.linear("y"), Curve.line("c", x, y));
        List<double[]> path = path(drawing, FIRST);
        assertThat(path).hasSize(x.length);
        assertThat(columns(drawing).size()).isBetween(5, 12);
        assertThat(rows(drawing).size()).isBetween(4, 8);
        // 0 and 100, 0 and 5 have ticks, whatever the step is.
        for (int tick : new int[] {0, 25}) {
            assertThat(columns(drawing)).anySatisfy(column -> assertThat(path.get(tick)[0]).isCloseTo(column, CUT));
            assertThat(rows(drawing)).anySatisfy(row -> assertThat(path.get(tick)[1]).isCloseTo(row, CUT));
        }
        assertThat(path.getLast()[0]).isCloseTo(columns(drawing).getLast(), CUT);
        assertThat(path.getLast()[1]).isCloseTo(rows(drawing).getLast(), CUT);
        assertThat(path.get(5)[0] - path.get(4)[0]).isCloseTo(path.get(1)[0] - path.get(0)[0], within(0.01));
    }

    @Test
    void pointsLieOnTheirTicksOnLogarithmicAxes() {
        double[] powers = {1, 10, 100, 1000};
        Drawing drawing = picture(Axis.logarithmic("x"), Axis.logarithmic("y"), Curve.line("c", powers, powers));
        List<double[]> path = path(drawing, FIRST);
        List<Double> columns = columns(drawing);
        for (double[] corner : path) {
            // These ticks, too.
            assertThat(columns).anySatisfy(column -> assertThat(corner[0]).isCloseTo(column, within(1.0)));
        }
        assertThat(path.get(1)[0] - path.get(0)[0]).isCloseTo(path.get(3)[0] - path.get(2)[0], within(0.01));
        assertThat(path.get(1)[1] - path.get(0)[1]).isCloseTo(path.get(3)[1] - path.get(2)[1], within(0.01));
    }

    @Test
    void aCurveIsOnePathAboveItsPaleShadow() {
        double[] x = {1, 2, 3, 4};
        Drawing drawing = picture(Axis.linear("x"), Axis.linear("y"), Curve.line("first", x, new double[] {4, 3, 2, 1}),
                Curve.pale("raw", x, x), Curve.points("mean", x, x));
        Color second = Palette.curve(1);
        assertThat(path(drawing, second)).hasSize(4);
        assertThat(path(drawing, Palette.pale(second))).hasSize(4);
        List<Color> curves = drawing.items().stream()
                .filter(item -> item instanceof Drawing.Stroked && corners(item.shape()).size() == 4)
                .map(Drawing.Item::color).toList();
        assertThat(curves).containsExactly(Palette.pale(second), FIRST, second);
    }

    @Test
    void marksGoAcrossTheWholePlotAndStretchIt() {
        LineChart chart = LineChart.of("Chart", Axis.linear("x"), Axis.linear("y"))
                .with(Curve.line("c", new double[] {0, 10}, new double[] {0, 1})).with(Mark.atY("high", 2));
        List<double[]> mark = path(LinePicture.of(chart), Palette.MARK);
        List<double[]> curve = path(LinePicture.of(chart), FIRST);
        assertThat(mark.getFirst()[0]).isLessThan(curve.getFirst()[0]);
        assertThat(mark.getLast()[0]).isGreaterThan(curve.getLast()[0]);
        assertThat(mark.getFirst()[1]).isLessThan(curve.getLast()[1]).isEqualTo(mark.getLast()[1]);
    }

    @Test
    void everythingStaysInsideThePictureHoweverLongTheLegend() {
        Curve[] curves = new Curve[40];
        for (int i = 0; i < curves.length; i++) {
            curves[i] = Curve.points("a run with a long name ".repeat(i + 1).strip() + i, new double[] {-5, 1e6},
                    new double[] {i, -i});
        }
        Drawing drawing = picture(Axis.linear("x"), Axis.linear("y"), curves);
        assertThat(rows(drawing).getFirst() - rows(drawing).getLast()).as("height of the plot").isGreaterThan(250);
        assertThat(drawing.items()).extracting(item -> item.shape().getBounds2D()).allSatisfy(bounds -> {
            assertThat(bounds.getMinX()).isNotNegative();
            assertThat(bounds.getMinY()).isNotNegative();
            assertThat(bounds.getMaxX()).isLessThanOrEqualTo(LinePicture.WIDTH);
            assertThat(bounds.getMaxY()).isLessThanOrEqualTo(drawing.height());
        });
    }

    @Test
    void linesThatDoNotMeetAreNotJoined() {
        Drawing drawing = new Drawing(10, 10, "", "");
        RecordingGraphics graphics = new RecordingGraphics(drawing);
        graphics.drawLine(0, 0, 1, 1);
        graphics.drawLine(1, 1, 2, 0);
        graphics.drawLine(2, 1, 3, 0);
        graphics.setColor(Color.RED);
        graphics.drawLine(3, 0, 4, 0);
        assertThat(drawing.items().stream().map(item -> corners(item.shape()).size())).containsExactly(3, 2, 2);
    }

    @Test
    void pathsDoNotDriftThroughRounding() {
        Path2D path = new Path2D.Double();
        path.moveTo(0, 0);
        for (int i = 1; i <= 1000; i++) {
            path.lineTo(i * 0.004, 0);
        }
        String[] moves = SvgPath.of(path).split("[Ml ]+");
        double sum = 0;
        for (int i = 3; i < moves.length; i += 2) {
            sum += Double.parseDouble(moves[i]);
        }
        assertThat(sum).isCloseTo(4, within(0.001));
        assertThat(SvgPath.of(new Rectangle2D.Double(-1.5, 0.25, 2, 0.1))).isEqualTo("M-1.5 .25l2 0 0 .1-2 0 0-.1z");
    }
}
