package org.ternlm.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class LogLinesTest {
    @Test
    void warningsAreLinesOfTheProgram() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        System.Logger log = new LogLines(new PrintStream(bytes, true, StandardCharsets.UTF_8))
                .getLogger("org.ternlm.kernel", LogLines.class.getModule());
        log.log(Level.WARNING, "using the scalar kernels {0}");
        log.log(Level.ERROR, "no {0}", "disk");
        log.log(Level.WARNING, "odd", new IOException("why"));
        log.log(Level.INFO, "nobody asked");
        log.log(Level.OFF, "nothing");
        assertThat(bytes.toString(StandardCharsets.UTF_8).lines()).containsExactly(
                "tern: warning: using the scalar kernels {0}",
                "tern: error: no disk",
                "tern: warning: odd (java.io.IOException: why)");
    }

    @Test
    void theJdkFindsThem() {
        assertThat(System.LoggerFinder.getLoggerFinder()).isInstanceOf(LogLines.class);
    }
}
