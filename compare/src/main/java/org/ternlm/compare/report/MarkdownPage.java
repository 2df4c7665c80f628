package org.ternlm.compare.report;

import java.util.Collections;
import java.util.List;

/// A report as Markdown; its pictures are files beside it.
///
/// @param title of the page
/// @param blocks what it says
record MarkdownPage(String title, List<Block> blocks) {
    /// The folder of pictures.
    static final String FIGURES = "figures";

    String write() {
        StringBuilder page = new StringBuilder("# ").append(title).append("\n\n");
        blocks.forEach(block -> block(page, block));
        return page.toString().stripTrailing() + "\n";
    }

    private static void block(StringBuilder page, Block block) {
        switch (block) {
            case Block.Heading heading -> page.append("## ").append(heading.title()).append("\n\n");
            case Block.Text text -> page.append(text.text()).append("\n\n");
            case Block.Table table -> table(page, table);
            case Block.Figure figure ->
                page.append("![").append(figure.picture().title()).append("](").append(FIGURES).append(
                        '/').append(figure.name()).append(".svg)\n\n").append(figure.note()).append("\n\n");
            case Block.Answer answer -> {
                page.append("**").append(answer.question()).append("** *").append(answer.beginning()).append(".* ")
                        .append(answer
                                .figures());
                if (!answer.files().isEmpty()) {
                    page.append(" (`").append(String.join("`, `", answer.files())).append("`)");
                }
                page.append("\n\n");
            }
            case Block.Lines lines ->
                page.append("### ").append(lines.title()).append("\n\n```\n").append(String.join("\n",
                        lines.lines())).append("\n```\n\n");
        }
    }

    private static void table(StringBuilder page, Block.Table table) {
        page.append("### ").append(table.title()).append("\n\n");
        row(page, table.columns());
        row(page, Collections.nCopies(table.columns().size(), "---"));
        table.rows().forEach(row -> row(page, row));
        page.append('\n');
        if (!table.note().isEmpty()) {
            page.append(table.note()).append("\n\n");
        }
    }

    private static void row(StringBuilder page, List<String> cells) {
        page.append("| ").append(String.join(" | ", cells.stream().map(cell -> cell.replace("|", "\\|")).toList()))
                .append(
                        " |\n");
    }
}
