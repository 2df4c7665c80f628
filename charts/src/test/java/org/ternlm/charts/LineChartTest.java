package org.ternlm.charts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Stream;
import javax.imageio.ImageIO;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;

class LineChartTest {
    private static final Axis STEP = Axis.linear("step");
    private static final Axis LOSS = Axis.linear("nats per token");
    private static final Curve CURVE = Curve.points("b1.58 & <llama> é", new double[] {1, 2, 4},
            new double[] {3, 2, 1.5});
    private static final LineChart CHART = LineChart.of("Loss", STEP, LOSS).with(CURVE);

    @TempDir
    Path folder;

    private Path write(LineChart chart, String name) throws IOException {
        Path file = folder.resolve(name);
        chart.write(file);
        return file;
    }

    @Test
    void anSvgIsXmlThatNamesItsCurves() throws Exception {
        Path file = write(CHART.with(Mark.atY("the best", 1)), "loss.svg");
        Document document = DocumentBuilderFactory.newInstance().newDocumentBuilder()
                .parse(new ByteArrayInputStream(Files.readAllBytes(file)));
        assertThat(document.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(document.getElementsByTagName("title").item(0).getTextContent()).isEqualTo("Loss");
        assertThat(document.getElementsByTagName("desc").item(0).getTextContent())
                .isEqualTo("nats per token against step: b1.58 & <llama> é, the best");
        assertThat(Files.readString(file)).contains("#0072b2").doesNotContain(" id=", "NaN", "E-");
    }

    @Test
    void aPngHasItsSizeAndTheColoursOfItsCurves() throws IOException {
        LineChart chart = CHART.with(Curve.line("second", new double[] {1, 4}, new double[] {1, 3}));
        BufferedImage image = ImageIO.read(write(chart, "loss.PNG").toFile());
        assertThat(image.getWidth()).isEqualTo(1520);
        assertThat(image.getHeight()).isEqualTo(920);
        int[] pixels = image.getRGB(0, 0, 1520, 920, null, 0, 1520);
        assertThat(Arrays.stream(pixels).filter(p -> p == 0xFF0072B2).count()).isGreaterThan(2000);
        assertThat(Arrays.stream(pixels).filter(p -> p == 0xFFD55E00).count()).isGreaterThan(2000);
        assertThat(Arrays.stream(pixels).filter(p -> p == 0xFFFFFFFF).count()).isGreaterThan(pixels.length * 8L / 10);
    }

    @Test
    void equalChartsAreEqualFilesWhateverTheLanguageOfTheMachine() throws IOException {
        Locale before = Locale.getDefault();
        byte[] svg = Files.readAllBytes(write(CHART, "a.svg"));
        byte[] png = Files.readAllBytes(write(CHART, "a.png"));
        try {
            Locale.setDefault(Locale.GERMANY);
            assertThat(Files.readAllBytes(write(CHART, "b.svg"))).isEqualTo(svg);
            assertThat(Files.readAllBytes(write(CHART, "b.png"))).isEqualTo(png);
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void aMillionStepsMakeASmallFile() throws IOException {
        int steps = 1_000_000;
        Random random = new Random(1);
        double[] x = new double[steps];
        double[] y = new double[steps];
        for (int i = 0; i < steps; i++) {
            x[i] = i + 1;
            y[i] = 2 + random.nextGaussian();
        }
        LineChart chart = LineChart.of("Loss", STEP, LOSS).with(Curve.pale("raw", x, y)).with(Curve.line("again", x, y))
                .with(Curve.line("a third time", x, y));
        assertThat(Files.size(write(chart, "loss.svg"))).isBetween(50_000L, 300_000L);
    }

    @Test
    void aSinglePointIsADot() throws IOException {
        Curve point = Curve.line("point", new double[] {7}, new double[] {-3});
        String one = Files.readString(write(LineChart.of("One", STEP, LOSS).with(point), "one.svg"));
        assertThat(one).contains("fill=\"#0072b2\"").doesNotContain("stroke=\"#0072b2\"", "NaN");
    }

    @Test
    void replacesAFileAtOnceAndLeavesNothingBesideIt() throws IOException {
        Path file = Files.writeString(folder.resolve("loss.svg"), "old");
        CHART.write(file);
        assertThat(Files.readString(file)).startsWith("<svg");
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void whatCannotBeDrawnLeavesTheOldFile() throws IOException {
        Path file = Files.writeString(folder.resolve("loss.svg"), "old");
        assertThatThrownBy(() -> LineChart.of("Loss", STEP, LOSS).write(file))
                .isInstanceOf(IllegalArgumentException.class).hasMessage("chart \"Loss\" has no curves");
        assertThat(Files.readString(file)).isEqualTo("old");
        Path occupied = folder.resolve("folder.png");
        Files.createDirectories(occupied.resolve("inside"));
        assertThatThrownBy(() -> CHART.write(occupied)).isInstanceOf(IOException.class);
        try (Stream<Path> files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(file, occupied);
        }
    }

    @Test
    void saysWhichNamesAndFoldersItCannotWrite() {
        assertThatThrownBy(() -> CHART.write(folder.resolve("loss.pdf"))).isInstanceOf(FileSystemException.class)
                .hasMessageEndingWith("loss.pdf: expected a name that ends in .svg or .png");
        assertThatThrownBy(() -> CHART.write(folder.resolve("missing/loss.svg")))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessage(folder.resolve("missing").toString());
    }

    @Test
    void refusesWhatNoChartCanShow() {
        double[] one = {1};
        assertRefused(() -> Curve.line("c", one, new double[2]), "curve \"c\": 1 x and 2 y");
        assertRefused(() -> Curve.line("c", new double[0], new double[0]), "curve \"c\" has no points");
        assertRefused(() -> Curve.line("c", one, new double[] {Double.NaN}),
                "curve \"c\": point 0 is (1.0, NaN), expected numbers up to 1.0E100");
        assertRefused(() -> Curve.line("c", new double[] {Double.POSITIVE_INFINITY}, one),
                "curve \"c\": point 0 is (Infinity, 1.0), expected numbers up to 1.0E100");
        assertRefused(() -> Curve.line("c", new double[] {2, 1}, new double[2]),
                "curve \"c\": x falls from 2.0 to 1.0 at point 1");
        assertRefused(() -> Curve.line(" ", one, one), "the name of a curve is empty");
        assertRefused(() -> Axis.linear("a\nb"), "the label of an axis has control characters: \"a b\"");
        assertRefused(() -> CHART.with(CURVE), "chart \"Loss\" has two curves named \"b1.58 & <llama> é\"");
        assertRefused(() -> Mark.atX("m", Double.NaN), "mark \"m\" is at NaN, expected a number");
        LineChart logarithmic = LineChart.of("Norm", STEP, Axis.logarithmic("norm"));
        assertRefused(() -> logarithmic.with(Curve.line("c", one, new double[] {0})),
                "\"c\": 0.0 cannot stand on a logarithmic axis");
        assertRefused(() -> logarithmic.with(Mark.atY("m", -1)), "\"m\": -1.0 cannot stand on a logarithmic axis");
    }

    private static void assertRefused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call, String message) {
        assertThatThrownBy(call).isExactlyInstanceOf(IllegalArgumentException.class).hasMessage(message);
    }

    @Test
    void aCurveKeepsItsNumbers() {
        double[] x = {1, 2};
        Curve curve = Curve.line("c", x, new double[] {3, 4});
        x[0] = 9;
        assertThat(curve.x(0)).isEqualTo(1);
    }
}
