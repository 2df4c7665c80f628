package org.ternlm.charts;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/// Writes a drawing as PNG, two pixels a unit: sharp on dense screens, and where a page shows it at half its size.
final class PngWriter {
    static final int PIXELS = 2;

    private PngWriter() {}

    static byte[] write(Drawing drawing) throws IOException {
        BufferedImage image = new BufferedImage(drawing.width() * PIXELS, drawing.height() * PIXELS,
                BufferedImage.TYPE_INT_RGB);
        Graphics2D graphics = image.createGraphics();
        try {
            graphics.scale(PIXELS, PIXELS);
            graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
            graphics.setRenderingHint(RenderingHints.KEY_STROKE_CONTROL, RenderingHints.VALUE_STROKE_PURE);
            for (Drawing.Item item : drawing.items()) {
                graphics.setColor(item.color());
                switch (item) {
                    case Drawing.Filled filled -> graphics.fill(filled.shape());
                    case Drawing.Stroked stroked -> {
                        graphics.setStroke(stroked.stroke());
                        graphics.draw(stroked.shape());
                    }
                }
            }
        } finally {
            graphics.dispose();
        }
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        if (!ImageIO.write(image, "png", bytes)) {
            throw new IOException("this Java has no writer of PNG");
        }
        return bytes.toByteArray();
    }
}
