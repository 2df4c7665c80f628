package org.ternlm.compare.report;

import java.util.List;
import org.ternlm.compare.report.Picture.Bar;
import org.ternlm.compare.report.Picture.Bars;

/// Draws divided bars.
///
/// @param bars what is drawn
/// @param style the colours, for a picture that stands alone; empty inside a page
record BarsSvg(Bars bars, String style) {
    private static final int LEFT = 90;
    private static final int RIGHT = 12;
    private static final int ROW = 24;
    private static final int TOP = 52;
    /// Narrower parts have no number inside.
    private static final double LEAST = 0.1;

    String draw() {
        Svg svg = new Svg(bars.title(), String.join(", ", bars.parts()), TOP + ROW * bars.bars().size() + 8, style);
        svg.text("title", "start", 8, 18, bars.title());
        double at = 8;
        for (int i = 0; i < bars.parts().size(); i++) {
            svg.add("<rect class=\"b%d\" x=\"%.1f\" y=\"30\" width=\"12\" height=\"12\"/>", i, at);
            svg.text("small", "start", at + 17, 40, bars.parts().get(i));
            at += 34 + 7 * bars.parts().get(i).length();
        }
        for (int i = 0; i < bars.bars().size(); i++) {
            bar(svg, bars.bars().get(i), TOP + i * ROW);
        }
        return svg.end();
    }

    private static void bar(Svg svg, Bar bar, int y) {
        svg.text("small", "end", LEFT - 8, y + 14, bar.label());
        double x = LEFT;
        List<Double> shares = bar.shares();
        for (int i = 0; i < shares.size(); i++) {
            double width = shares.get(i) * (Svg.WIDTH - LEFT - RIGHT);
            svg.add("<rect class=\"b%d\" x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"%d\"/>", i, x, y, width, ROW - 5);
            if (shares.get(i) >= LEAST) {
                svg.text("small inside" + i, "middle", x + width / 2, y + 14, Numbers.percent(shares.get(i)));
            }
            x += width;
        }
    }
}
