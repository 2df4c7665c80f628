package org.ternlm.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Paint;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.Stroke;
import java.awt.font.FontRenderContext;
import java.awt.geom.AffineTransform;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Takes down in a [Drawing] what is painted on it. Paints in plain colours; clips nothing, since the axes of a chart span
/// all of its curves. Not thread-safe.
final class RecordingGraphics extends ShapeGraphics {
    private final Drawing drawing;
    private final RenderingHints hints = new RenderingHints(Map.of());
    private AffineTransform transform = new AffineTransform();
    private Color color = Palette.INK;
    private BasicStroke stroke = new BasicStroke();
    private Font font = Fonts.regular(12);
    private @Nullable Shape clip;

    RecordingGraphics(Drawing drawing) {
        this.drawing = drawing;
    }

    @Override
    public void fill(Shape shape) {
        drawing.fill(new Path2D.Double(shape, transform), color);
    }

    @Override
    public void draw(Shape shape) {
        Path2D path = new Path2D.Double(shape, transform);
        if (shape instanceof Line2D line) {
            drawing.stroke(new Line2D.Double(transform.transform(line.getP1(), null),
                    transform.transform(line.getP2(), null)), color, stroke);
        } else {
            drawing.stroke(path, color, stroke);
        }
    }

    @Override
    public void drawLine(int x1, int y1, int x2, int y2) {
        draw(new Line2D.Double(x1, y1, x2, y2));
    }

    @Override
    public Color getColor() {
        return color;
    }

    @Override
    public void setColor(Color color) {
        this.color = color;
    }

    @Override
    public Paint getPaint() {
        return color;
    }

    @Override
    public void setPaint(Paint paint) {
        color = paint instanceof Color plain ? plain : refuse();
    }

    @Override
    public Stroke getStroke() {
        return stroke;
    }

    @Override
    public void setStroke(Stroke stroke) {
        this.stroke = stroke instanceof BasicStroke basic ? basic : refuse();
    }

    @Override
    public Font getFont() {
        return font;
    }

    @Override
    public void setFont(Font font) {
        this.font = font;
    }

    @Override
    public FontRenderContext getFontRenderContext() {
        return Fonts.CONTEXT;
    }

    @Override
    public void translate(double x, double y) {
        transform.translate(x, y);
    }

    @Override
    public void translate(int x, int y) {
        transform.translate(x, y);
    }

    @Override
    public void transform(AffineTransform inner) {
        transform.concatenate(inner);
    }

    @Override
    public AffineTransform getTransform() {
        return new AffineTransform(transform);
    }

    @Override
    public void setTransform(AffineTransform transform) {
        this.transform = new AffineTransform(transform);
    }

    @Override
    public @Nullable Shape getClip() {
        return clip;
    }

    @Override
    public void setClip(@Nullable Shape clip) {
        this.clip = clip;
    }

    @Override
    public @Nullable Object getRenderingHint(RenderingHints.Key key) {
        return hints.get(key);
    }

    @Override
    public void setRenderingHint(RenderingHints.Key key, @Nullable Object value) {
        if (value == null) {
            hints.remove(key);
        } else {
            hints.put(key, value);
        }
    }

    @Override
    public RenderingHints getRenderingHints() {
        return (RenderingHints) hints.clone();
    }

    @Override
    public void dispose() {
        // Nothing outside the heap.
    }
}
