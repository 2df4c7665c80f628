package org.ternlm.charts;

import java.awt.Color;
import java.awt.Composite;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics;
import java.awt.Graphics2D;
import java.awt.GraphicsConfiguration;
import java.awt.Image;
import java.awt.Rectangle;
import java.awt.Shape;
import java.awt.font.GlyphVector;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.awt.image.BufferedImageOp;
import java.awt.image.ImageObserver;
import java.awt.image.RenderedImage;
import java.awt.image.renderable.RenderableImage;
import java.text.AttributedCharacterIterator;
import java.util.Map;

/// The part of Java 2D that a chart needs: shapes, in plain colours, moved about. Everything else is refused, so that a new
/// kind of chart that wants more shows it instead of leaving something out.
abstract class ShapeGraphics extends Graphics2D {
    /// Never returns.
    static <T> T refuse() {
        throw new UnsupportedOperationException("charts are drawn with shapes in plain colours only");
    }

    @Override
    public final Graphics create() {
        return refuse();
    }

    @Override
    public final void setPaintMode() {
        refuse();
    }

    @Override
    public final void setXORMode(Color other) {
        refuse();
    }

    @Override
    public final FontMetrics getFontMetrics(Font font) {
        return refuse();
    }

    @Override
    public final Rectangle getClipBounds() {
        return refuse();
    }

    @Override
    public final void clipRect(int x, int y, int width, int height) {
        refuse();
    }

    @Override
    public final void setClip(int x, int y, int width, int height) {
        refuse();
    }

    @Override
    public final void copyArea(int x, int y, int width, int height, int dx, int dy) {
        refuse();
    }

    @Override
    public final void fillRect(int x, int y, int width, int height) {
        refuse();
    }

    @Override
    public final void clearRect(int x, int y, int width, int height) {
        refuse();
    }

    @Override
    public final void drawRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        refuse();
    }

    @Override
    public final void fillRoundRect(int x, int y, int width, int height, int arcWidth, int arcHeight) {
        refuse();
    }

    @Override
    public final void drawOval(int x, int y, int width, int height) {
        refuse();
    }

    @Override
    public final void fillOval(int x, int y, int width, int height) {
        refuse();
    }

    @Override
    public final void drawArc(int x, int y, int width, int height, int start, int angle) {
        refuse();
    }

    @Override
    public final void fillArc(int x, int y, int width, int height, int start, int angle) {
        refuse();
    }

    @Override
    public final void drawPolyline(int[] x, int[] y, int count) {
        refuse();
    }

    @Override
    public final void drawPolygon(int[] x, int[] y, int count) {
        refuse();
    }

    @Override
    public final void fillPolygon(int[] x, int[] y, int count) {
        refuse();
    }

    @Override
    public final void drawString(String text, int x, int y) {
        refuse();
    }

    @Override
    public final void drawString(String text, float x, float y) {
        refuse();
    }

    @Override
    public final void drawString(AttributedCharacterIterator text, int x, int y) {
        refuse();
    }

    @Override
    public final void drawString(AttributedCharacterIterator text, float x, float y) {
        refuse();
    }

    @Override
    public final void drawGlyphVector(GlyphVector glyphs, float x, float y) {
        refuse();
    }

    @Override
    public final boolean drawImage(Image image, int x, int y, ImageObserver observer) {
        return refuse();
    }

    @Override
    public final boolean drawImage(Image image, int x, int y, int width, int height, ImageObserver observer) {
        return refuse();
    }

    @Override
    public final boolean drawImage(Image image, int x, int y, Color background, ImageObserver observer) {
        return refuse();
    }

    @Override
    public final boolean drawImage(Image image, int x, int y, int width, int height, Color background,
            ImageObserver observer) {
        return refuse();
    }

    @Override
    public final boolean drawImage(Image image, int x1, int y1, int x2, int y2, int fromX1, int fromY1, int fromX2,
            int fromY2, ImageObserver observer) {
        return refuse();
    }

    @Override
    public final boolean drawImage(Image image, int x1, int y1, int x2, int y2, int fromX1, int fromY1, int fromX2,
            int fromY2, Color background, ImageObserver observer) {
        return refuse();
    }

    @Override
    public final boolean drawImage(Image image, AffineTransform place, ImageObserver observer) {
        return refuse();
    }

    @Override
    public final void drawImage(BufferedImage image, BufferedImageOp change, int x, int y) {
        refuse();
    }

    @Override
    public final void drawRenderedImage(RenderedImage image, AffineTransform place) {
        refuse();
    }

    @Override
    public final void drawRenderableImage(RenderableImage image, AffineTransform place) {
        refuse();
    }

    @Override
    public final boolean hit(Rectangle area, Shape shape, boolean onStroke) {
        return refuse();
    }

    @Override
    public final GraphicsConfiguration getDeviceConfiguration() {
        return refuse();
    }

    @Override
    public final void setComposite(Composite composite) {
        refuse();
    }

    @Override
    public final Composite getComposite() {
        return refuse();
    }

    @Override
    public final void setRenderingHints(Map<?, ?> hints) {
        refuse();
    }

    @Override
    public final void addRenderingHints(Map<?, ?> hints) {
        refuse();
    }

    @Override
    public final void rotate(double theta) {
        refuse();
    }

    @Override
    public final void rotate(double theta, double x, double y) {
        refuse();
    }

    @Override
    public final void scale(double x, double y) {
        refuse();
    }

    @Override
    public final void shear(double x, double y) {
        refuse();
    }

    @Override
    public final void setBackground(Color color) {
        refuse();
    }

    @Override
    public final Color getBackground() {
        return refuse();
    }

    @Override
    public final void clip(Shape shape) {
        refuse();
    }
}
