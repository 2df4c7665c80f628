package org.ternlm.charts;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// A machine without fonts, which only a process of its own can be.
class NoFontTest {
    @Test
    @EnabledOnOs(OS.LINUX)
    void saysWhatToInstall(@TempDir Path folder) throws IOException, InterruptedException {
        Path none = Files.writeString(folder.resolve("fonts.conf"), "<?xml version=\"1.0\"?><fontconfig></fontconfig>");
        ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.awt.headless=true", "-Duser.home=" + folder, "-cp", System.getProperty("java.class.path"),
                Drawer.class.getName(), folder.resolve("loss.svg").toString());
        builder.environment().put("FONTCONFIG_FILE", none.toString());
        Process process = builder.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).startsWith("no font to draw a chart with: install fontconfig and a font").hasLineCount(1);
        assertThat(folder.resolve("loss.svg")).doesNotExist();
    }

    /// The program of that process.
    static final class Drawer {
        private Drawer() {}

        public static void main(String[] args) throws IOException {
            try {
                LineChart.of("Loss", Axis.linear("step"), Axis.linear("loss"))
                        .with(Curve.line("c", new double[] {1, 2}, new double[] {2, 1})).write(Path.of(args[0]));
            } catch (NoFontException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
