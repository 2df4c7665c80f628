package org.ternlm.charts;

import java.awt.Color;
import java.util.List;

/// The colours of a chart. Those of the curves are the ones that Okabe and Ito chose for all kinds of colour vision ("Color
/// Universal Design", 2008), without yellow, which is hard to see on white.
final class Palette {
    static final Color PAPER = Color.WHITE;
    static final Color INK = new Color(0x222222);
    static final Color FRAME = new Color(0x888888);
    static final Color GRID = new Color(0xE6E6E6);
    static final Color MARK = new Color(0x666666);

    private static final List<Color> CURVES = List.of(new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73),
            new Color(0xCC79A7), new Color(0x56B4E9), new Color(0xE69F00), new Color(0x000000));
    private static final double PALENESS = 0.68;

    private Palette() {}

    /// Number of different colours.
    static int size() {
        return CURVES.size();
    }

    /// The colour of curve `i`; they repeat.
    static Color curve(int i) {
        return CURVES.get(i % CURVES.size());
    }

    /// Mixed with the paper rather than see-through: where a line crosses itself it must not grow darker.
    static Color pale(Color color) {
        return new Color(mix(color.getRed()), mix(color.getGreen()), mix(color.getBlue()));
    }

    private static int mix(int channel) {
        return (int) Math.round(channel + PALENESS * (255 - channel));
    }
}
