package org.ternlm.compare.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.StringReader;
import java.util.List;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.figure.Interval;
import org.ternlm.compare.figure.Spread;
import org.ternlm.compare.report.Picture.Axis;
import org.ternlm.compare.report.Picture.Bar;
import org.ternlm.compare.report.Picture.Bars;
import org.ternlm.compare.report.Picture.Chart;
import org.ternlm.compare.report.Picture.Look;
import org.ternlm.compare.report.Picture.Point;
import org.ternlm.compare.report.Picture.Series;
import org.w3c.dom.Document;
import org.xml.sax.InputSource;

/// What pages and pictures are made of.
class PageTest {
    private static final Chart CHART = new Chart("a < b & \"c\"", Axis.logarithmic("weights"), Axis.linear("loss"),
            List.of(
                    new Series("line", 0, Look.BOTH, List.of(new Point(1e5, 3, 2.5, 3.5, ""), Point.of(1e6, 2))),
                    new Series("marks", 3,
                            Look.MARKS, List.of(new Point(3e5, 4, Double.NaN, Double.NaN, "here"))),
                    new Series("nothing", 1, Look.LINE,
                            List.of())));

    static Document parsed(String xml) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(xml)));
    }

    @Test
    void aPageIsWellFormedWhateverItSays() throws Exception {
        String nasty = "<script>alert('\u0001&amp;')</script> ]]> \u2028";
        String page = new HtmlPage(nasty,
                List.of(new Block.Heading("A & B"), new Block.Text(nasty), new Block.Table("t", List.of(
                        "a", nasty), List.of(List.of("1", nasty.repeat(3))), "note"),
                        new Block.Figure("f", CHART, nasty),
                        new Block.Answer("q?", "no", nasty, List.of("file")), new Block.Lines("l", List.of(nasty))))
                .write();
        Document document = parsed(page.replace("<!DOCTYPE html>", ""));
        assertThat(document.getElementsByTagName("script").getLength()).isZero();
        assertThat(document.getElementsByTagName("svg").getLength()).isEqualTo(1);
        assertThat(document.getElementsByTagName("h2").item(0).getTextContent()).isEqualTo("A & B");
        assertThat(document.getElementsByTagName("p").item(0).getTextContent()).startsWith("<script>alert");
    }

    @Test
    void picturesStandAloneToo() throws Exception {
        assertThat(parsed(Pictures.svg(CHART, Styles.ofPicture())).getElementsByTagName("style").getLength())
                .isEqualTo(1);
        Document bars = parsed(
                Pictures.svg(new Bars("bars", List.of("-1", "0", "+1"), List.of(new Bar("all", List.of(0.3, 0.4,
                        0.3)), new Bar("empty", List.of(0.0, 0.0, 0.0)))), ""));
        assertThat(bars.getElementsByTagName("rect").getLength()).isEqualTo(3 + 6);
        assertThat(bars.getDocumentElement().getTextContent()).contains("40.0 %");
    }

    @Test
    void pointsLieWhereTheyShould() throws Exception {
        Document svg = parsed(
                Pictures.svg(new Chart("c", Axis.linear("x"), Axis.linear("y"), List.of(new Series("s", 0, Look.BOTH,
                        List.of(Point.of(0, 0), Point.of(5, 10), Point.of(10, 20))))), ""));
        String[] points = svg.getElementsByTagName("polyline").item(0).getAttributes().getNamedItem("points")
                .getTextContent()
                .split("[ ,]");
        double middle = Double.parseDouble(points[2]);
        assertThat(middle * 2).isEqualTo(Double.parseDouble(points[0]) + Double.parseDouble(points[4]));
        assertThat(Double.parseDouble(points[5])).isLessThan(Double.parseDouble(points[3]))
                .isLessThan(Double.parseDouble(
                        points[1]));
        assertThat(svg.getDocumentElement().getTextContent()).doesNotContain("nothing");
    }

    @Test
    void axesHaveRoundMarks() {
        assertThat(Ticks.spanning(0, 10, false).values()).contains(0.0, 2.0, 10.0).hasSizeBetween(3, 8);
        assertThat(Ticks.spanning(1e5, 1e6, true).values()).contains(2e5, 5e5);
        assertThat(Ticks.spanning(1e3, 1e11, true).values()).hasSizeBetween(3, 9);
        assertThat(Ticks.spanning(5, 5, false).values()).isNotEmpty();
        assertThat(Ticks.spanning(4.0, 4.2, true).values()).hasSizeGreaterThan(2);
        Ticks ticks = Ticks.spanning(1, 2, false);
        assertThat(ticks.label(1.25)).isEqualTo("1.25");
        assertThat(ticks.label(2_000_000)).isEqualTo("2M");
        assertThat(ticks.label(500_000)).isEqualTo("500k");
        assertThat(ticks.label(7e10)).isEqualTo("70G");
        assertThat(ticks.label(0)).isEqualTo("0");
    }

    @Test
    void numbersReadAsPeopleWriteThem() {
        assertThat(Numbers.three(1234.6)).isEqualTo("1,235");
        assertThat(Numbers.three(12.345)).isEqualTo("12.3");
        assertThat(Numbers.three(9.999)).isEqualTo("10.0");
        assertThat(Numbers.three(0.0234)).isEqualTo("0.0234");
        assertThat(Numbers.three(0.00001)).isEqualTo("1.00e-05");
        assertThat(Numbers.three(Double.NaN)).isEqualTo("–");
        assertThat(Numbers.bytes(1_230_000)).isEqualTo("1.23 MB");
        assertThat(Numbers.bytes(512)).isEqualTo("512 B");
        assertThat(Numbers.count(4_063_232)).isEqualTo("4.06M");
        assertThat(Numbers.percent(0.3333)).isEqualTo("33.3 %");
    }

    @Test
    void markdownKeepsItsTablesWhole() {
        String page = new MarkdownPage("t",
                List.of(new Block.Table("x", List.of("a", "b"), List.of(List.of("1|2", "3")), ""),
                        new Block.Figure("name", CHART, "n")))
                .write();
        assertThat(page).contains("| 1\\|2 | 3 |").contains("(figures/name.svg)");
    }

    @Test
    void rowsHaveTheirColumns() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Block.Table("x", List.of("a"), List.of(List.of("1", "2")), ""));
    }

    @Test
    void verdictsFollowTheDifferenceAndTheSeeds() {
        var sure = new Interval(-0.1, -0.12, -0.08);
        assertThat(Answers.verdict(sure, Optional.empty(), Arm.B1)).isEqualTo("yes");
        assertThat(Answers.verdict(sure.times(-1), Optional.empty(), Arm.B1)).isEqualTo("no, it is worse");
        assertThat(Answers.verdict(sure, Optional.empty(), Arm.LLAMA)).isEqualTo("yes, better");
        assertThat(Answers.verdict(sure.times(-1), Optional.empty(), Arm.LLAMA)).isEqualTo("no");
        assertThat(Answers.verdict(new Interval(-0.1, -0.3, 0.1), Optional.empty(), Arm.B1)).isEqualTo(
                "not to be told apart");
        assertThat(Answers.verdict(sure, Optional.of(Spread.of(-0.1, 0.1)), Arm.B1)).isEqualTo(
                "not to be told apart from other seeds");
        assertThat(Answers.verdict(sure, Optional.of(Spread.of(-0.1, -0.11)), Arm.B1)).isEqualTo("yes");
    }
}
