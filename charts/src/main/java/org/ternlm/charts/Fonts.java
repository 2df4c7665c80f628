package org.ternlm.charts;

import java.awt.Font;
import java.awt.Shape;
import java.awt.font.FontRenderContext;
import java.awt.font.TextLayout;
import java.awt.geom.AffineTransform;
import java.awt.geom.Rectangle2D;

/// The machine's own sans-serif font. Text is drawn as outlines, so a picture looks the same wherever it is opened.
final class Fonts {
    /// Unhinted, as at any size.
    static final FontRenderContext CONTEXT = new FontRenderContext(null, true, true);

    private Fonts() {}

    static Font regular(float size) {
        return new Font(Font.SANS_SERIF, Font.PLAIN, 1).deriveFont(size);
    }

    static Font bold(float size) {
        return new Font(Font.SANS_SERIF, Font.BOLD, 1).deriveFont(size);
    }

    /// Makes sure that text can be drawn. A JDK finds fonts with the system's help; without it, it throws what comes, plain
    /// errors among it.
    ///
    /// @throws NoFontException if it cannot
    static void require() throws NoFontException {
        try {
            width("x", regular(12));
        } catch (OutOfMemoryError | StackOverflowError problem) {
            throw problem;
        } catch (RuntimeException | Error problem) {
            throw new NoFontException(problem);
        }
    }

    /// The outline of a text, on a base line that begins at x, y.
    static Shape outline(String text, Font font, double x, double y) {
        return new TextLayout(text, font, CONTEXT).getOutline(AffineTransform.getTranslateInstance(x, y));
    }

    static double width(String text, Font font) {
        Rectangle2D bounds = new TextLayout(text, font, CONTEXT).getBounds();
        return bounds.getMaxX();
    }

    /// As much of a text as fits, with an ellipsis where that is not all.
    static String shortened(String text, Font font, double width) {
        if (width(text, font) <= width) {
            return text;
        }
        int length = text.length();
        String cut;
        do {
            length = text.offsetByCodePoints(length, -1);
            cut = text.substring(0, length).strip() + "…";
        } while (length > 0 && width(cut, font) > width);
        return cut;
    }
}
