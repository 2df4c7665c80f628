package org.ternlm.charts;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.geom.Path2D;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Writes a drawing as SVG 1.1: paths only, text as outlines; the names of axes and curves stand in `title` and `desc` for
/// those who search or cannot see. Has no ids, dates or references, so that it can go into a page as it is, and equal
/// drawings give equal bytes.
final class SvgWriter {
    private SvgWriter() {}

    static byte[] write(Drawing drawing) {
        StringBuilder text = new StringBuilder();
        text.append(String.format(Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\" viewBox=\"0 0 %1$d %2$d\""
                        + " role=\"img\">\n",
                drawing.width(), drawing.height()));
        text.append("<title>").append(escape(drawing.title())).append("</title>\n");
        text.append("<desc>").append(escape(drawing.description())).append("</desc>\n");
        for (Drawing.Item item : drawing.items()) {
            text.append("<path d=\"").append(SvgPath.of(item.shape())).append('"');
            switch (item) {
                case Drawing.Filled filled -> fill(text, filled);
                case Drawing.Stroked stroked -> stroke(text, stroked);
            }
            text.append("/>\n");
        }
        return text.append("</svg>\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void fill(StringBuilder text, Drawing.Filled item) {
        text.append(" fill=\"").append(hexadecimal(item.color())).append('"');
        if (item.shape().getPathIterator(null).getWindingRule() == Path2D.WIND_EVEN_ODD) {
            text.append(" fill-rule=\"evenodd\"");
        }
    }

    private static void stroke(StringBuilder text, Drawing.Stroked item) {
        BasicStroke stroke = item.stroke();
        text.append(" fill=\"none\" stroke=\"").append(hexadecimal(item.color())).append('"');
        text.append(" stroke-width=\"").append(number(stroke.getLineWidth())).append('"');
        if (stroke.getEndCap() != BasicStroke.CAP_BUTT) {
            text.append(" stroke-linecap=\"").append(stroke.getEndCap() == BasicStroke.CAP_ROUND ? "round" : "square")
                    .append('"');
        }
        if (stroke.getLineJoin() != BasicStroke.JOIN_MITER) {
            text.append(" stroke-linejoin=\"")
                    .append(stroke.getLineJoin() == BasicStroke.JOIN_ROUND ? "round" : "bevel")
                    .append('"');
        }
        float[] dashes = stroke.getDashArray();
        if (dashes != null) {
            text.append(" stroke-dasharray=\"");
            for (int i = 0; i < dashes.length; i++) {
                text.append(i == 0 ? "" : " ").append(number(dashes[i]));
            }
            text.append('"');
        }
    }

    private static String hexadecimal(Color color) {
        return String.format(Locale.ROOT, "#%06x", color.getRGB() & 0xFFFFFF);
    }

    private static String number(float value) {
        return value == Math.rint(value) ? Integer.toString((int) value) : Float.toString(value);
    }

    /// XML knows no way to write the code points that it does not allow.
    private static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length());
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                default -> escaped.appendCodePoint(c < ' ' || Character.getType(c) == Character.SURROGATE || c == 0xFFFE
                        || c == 0xFFFF ? 0xFFFD : c);
            }
        });
        return escaped.toString();
    }
}
