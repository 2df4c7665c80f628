package org.ternlm.compare.report;

import static org.ternlm.compare.report.Svg.escape;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A report as one HTML file that needs nothing else: no script, no font, no picture from elsewhere. It is well-formed XML
/// too.
///
/// @param title of the page
/// @param blocks what it says
record HtmlPage(String title, List<Block> blocks) {
    /// Cells with more letters are sentences.
    private static final int LONG = 60;

    String write() {
        StringBuilder page = new StringBuilder(
                "<!DOCTYPE html>\n<html lang=\"en\" xmlns=\"http://www.w3.org/1999/xhtml\">\n<head>\n");
        page.append(
                "<meta charset=\"utf-8\"/>\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n");
        page.append("<title>").append(escape(title)).append("</title>\n<style>\n")
                .append(escape(Styles.ofPage()).replace(
                        "&quot;", "\""))
                .append("</style>\n</head>\n<body>\n<h1>").append(escape(title)).append("</h1>\n");
        navigation(page);
        int i = 0;
        while (i < blocks.size()) {
            // Figures and answers that follow one another stand beside one another where there is room.
            int end = i;
            while (end < blocks.size() && blocks.get(end).getClass() == blocks.get(i).getClass()) {
                end++;
            }
            group(page, blocks.subList(i, end));
            i = end;
        }
        return page.append("</body>\n</html>\n").toString();
    }

    private void navigation(StringBuilder page) {
        page.append("<nav>\n");
        for (String heading : headings()) {
            page.append("<a href=\"#").append(anchor(heading)).append("\">").append(escape(heading)).append("</a>\n");
        }
        page.append("</nav>\n");
    }

    private List<String> headings() {
        List<String> headings = new ArrayList<>();
        blocks.forEach(block -> {
            if (block instanceof Block.Heading heading) {
                headings.add(heading.title());
            }
        });
        return headings;
    }

    private static String anchor(String heading) {
        return heading.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    }

    private static void group(StringBuilder page, List<Block> same) {
        String wrapper = switch (same.getFirst()) {
            case Block.Figure figure -> "figures";
            case Block.Answer answer -> "answers";
            default -> "";
        };
        if (!wrapper.isEmpty()) {
            page.append("<div class=\"").append(wrapper).append("\">\n");
        }
        same.forEach(block -> block(page, block));
        if (!wrapper.isEmpty()) {
            page.append("</div>\n");
        }
    }

    private static void block(StringBuilder page, Block block) {
        switch (block) {
            case Block.Heading heading -> page.append("<h2 id=\"").append(anchor(heading.title())).append("\">").append(
                    escape(heading.title())).append("</h2>\n");
            case Block.Text text -> page.append("<p>").append(escape(text.text())).append("</p>\n");
            case Block.Table table -> table(page, table);
            case Block.Figure figure -> page.append("<figure>\n").append(Pictures.svg(figure.picture(), "")).append(
                    "<figcaption>").append(escape(figure.note())).append("</figcaption>\n</figure>\n");
            case Block.Answer answer -> answer(page, answer);
            case Block.Lines lines ->
                page.append("<h3>").append(escape(lines.title())).append("</h3>\n<pre>").append(escape(
                        String.join("\n", lines.lines()))).append("</pre>\n");
        }
    }

    private static void answer(StringBuilder page, Block.Answer answer) {
        page.append("<div class=\"answer\">\n<h3>").append(escape(answer.question()))
                .append("</h3>\n<p><span class=\"verdict\">")
                .append(escape(answer.beginning())).append("</span>. ").append(escape(answer.figures()))
                .append("</p>\n");
        if (!answer.files().isEmpty()) {
            page.append("<p class=\"note\">").append(escape(String.join(", ", answer.files()))).append("</p>\n");
        }
        page.append("</div>\n");
    }

    private static void table(StringBuilder page, Block.Table table) {
        page.append("<h3>").append(escape(table.title())).append("</h3>\n<div class=\"scroll\"><table>\n<tr>");
        table.columns().forEach(column -> page.append("<th>").append(escape(column)).append("</th>"));
        page.append("</tr>\n");
        for (List<String> row : table.rows()) {
            page.append("<tr>");
            row.forEach(cell -> page.append(cell.length() > LONG ? "<td class=\"long\">" : "<td>").append(escape(cell))
                    .append(
                            "</td>"));
            page.append("</tr>\n");
        }
        page.append("</table></div>\n");
        if (!table.note().isEmpty()) {
            page.append("<p class=\"note\">").append(escape(table.note())).append("</p>\n");
        }
    }
}
