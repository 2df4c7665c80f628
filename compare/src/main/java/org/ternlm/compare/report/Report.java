package org.ternlm.compare.report;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.compare.step.Results;
import org.ternlm.format.AtomicFile;

/// The report of a comparison: everything in it is computed from the results, and from the papers' figures where it says
/// so. What was not run is reported as not measured.
///
/// @param folder of the comparison
/// @param results of its steps
public record Report(Path folder, Results results) {

    /// Writes `report.html`, `report.md`, `report.json`, and a folder `figures` for the second.
    ///
    /// @return the three files
    public List<Path> write() throws IOException {
        Files.createDirectories(folder);
        String title = title();
        List<Block> blocks = blocks();
        Path html = folder.resolve("report.html");
        Path markdown = folder.resolve("report.md");
        Path json = folder.resolve("report.json");
        write(html, new HtmlPage(title, blocks).write());
        Path figures = Files.createDirectories(folder.resolve(MarkdownPage.FIGURES));
        for (Block block : blocks) {
            if (block instanceof Block.Figure figure) {
                write(figures.resolve(figure.name() + ".svg"), Pictures.svg(figure.picture(), Styles.ofPicture()));
            }
        }
        write(markdown, new MarkdownPage(title, blocks).write());
        write(json, new JsonPage(title, blocks, new ModelsJson(new Findings(results)).write()).write());
        return List.of(html, markdown, json);
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, aside -> Files.writeString(aside, text));
    }

    String title() {
        return "LLaMA, BitNet ±1 and BitNet b1.58: "
                + new Findings(results).experiment().path("name").asText("no results yet");
    }

    List<Block> blocks() {
        Findings findings = new Findings(results);
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Text(
                "The experiment of \"The Era of 1-bit LLMs: All Large Language Models are in 1.58 Bits\" (arXiv 2402.17764) on this machine: models of equal shape, trained on the same tokens, that differ in their linear layers. Every figure is computed from the files named beside it, in the folder of the comparison; the paper's own are labelled as such."));
        blocks.addAll(new Answers(findings).blocks());
        blocks.addAll(new SetupSection(findings).blocks());
        blocks.addAll(new LossSection(findings).blocks());
        blocks.addAll(new TaskSection(findings).blocks());
        blocks.addAll(new CostSection(findings).blocks());
        blocks.addAll(new FrontierSection(findings).blocks());
        blocks.addAll(new SpectrumSection(findings).blocks());
        blocks.addAll(new WeightSection(findings).blocks());
        blocks.addAll(new PackingSection(findings).blocks());
        blocks.addAll(new EnergySection(findings).blocks());
        blocks.addAll(new SmallDeviceSection(findings).blocks());
        blocks.addAll(new ProvenanceSection(findings).blocks());
        return blocks;
    }
}
