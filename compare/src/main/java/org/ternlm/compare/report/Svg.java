package org.ternlm.compare.report;

import java.util.Locale;

/// Builds SVG text. Elements have classes instead of colours, so that a page's style says what light and dark are.
final class Svg {
    static final int WIDTH = 480;

    private final StringBuilder text = new StringBuilder();

    /// Begins a picture.
    Svg(String title, String description, int height, String style) {
        add("<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" role=\"img\">", WIDTH, height);
        add("<title>%s</title>", escape(title));
        add("<desc>%s</desc>", escape(description));
        if (!style.isEmpty()) {
            add("<style>%s</style>", escape(style));
            add("<rect class=\"paper\" width=\"%d\" height=\"%d\"/>", WIDTH, height);
        }
    }

    void add(String format, Object... values) {
        text.append(String.format(Locale.ROOT, format, values)).append('\n');
    }

    void line(String kind, double x1, double y1, double x2, double y2) {
        add("<line class=\"%s\" x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\"/>", kind, x1, y1, x2, y2);
    }

    void text(String kind, String anchor, double x, double y, String words) {
        add("<text class=\"%s\" text-anchor=\"%s\" x=\"%.1f\" y=\"%.1f\">%s</text>", kind, anchor, x, y, escape(words));
    }

    /// A mark whose shape, like its colour, tells series apart.
    void mark(int color, double x, double y) {
        switch (color % 4) {
            case 0 -> add("<circle class=\"f%d\" cx=\"%.1f\" cy=\"%.1f\" r=\"4.2\"/>", color, x, y);
            case 1 -> add("<rect class=\"f%d\" x=\"%.1f\" y=\"%.1f\" width=\"7.6\" height=\"7.6\"/>", color, x - 3.8,
                    y - 3.8);
            case 2 -> add("<path class=\"f%d\" d=\"M%.1f %.1fl5 8.6h-10z\"/>", color, x, y - 5.4);
            default -> add("<path class=\"f%d\" d=\"M%.1f %.1fl5 5l-5 5l-5 -5z\"/>", color, x, y - 5);
        }
    }

    String end() {
        return text.append("</svg>\n").toString();
    }

    /// A text inside XML.
    static String escape(String words) {
        StringBuilder clean = new StringBuilder();
        words.codePoints().forEach(c -> {
            switch (c) {
                case '<' -> clean.append("&lt;");
                case '>' -> clean.append("&gt;");
                case '&' -> clean.append("&amp;");
                case '"' -> clean.append("&quot;");
                default -> clean.appendCodePoint(c == '\n' || c == '\t' || !Character.isISOControl(c) ? c : ' ');
            }
        });
        return clean.toString();
    }
}
