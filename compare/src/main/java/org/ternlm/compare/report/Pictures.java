package org.ternlm.compare.report;

/// Pictures as SVG.
final class Pictures {
    private Pictures() {}

    /// @param style the colours, for a picture that stands alone; empty inside a page
    static String svg(Picture picture, String style) {
        return switch (picture) {
            case Picture.Chart chart -> new ChartSvg(chart, style).draw();
            case Picture.Bars bars -> new BarsSvg(bars, style).draw();
        };
    }
}
