package org.ternlm.charts;

import java.io.IOException;

/// The machine has no font that the JDK could draw text with. The message says what to install.
public final class NoFontException extends IOException {
    private static final long serialVersionUID = 1L;

    NoFontException(Throwable cause) {
        super("no font to draw a chart with: install fontconfig and a font, such as the packages fontconfig and"
                + " fonts-dejavu-core of Debian", cause);
    }
}
