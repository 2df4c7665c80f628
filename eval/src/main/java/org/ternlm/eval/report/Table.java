package org.ternlm.eval.report;

import java.util.ArrayList;
import java.util.List;

/// Rows of texts under headings; the first column is text, the others are numbers. Not thread-safe.
public final class Table {
    private final List<List<String>> rows = new ArrayList<>();

    /// @param headings of the columns
    public Table(List<String> headings) {
        rows.add(List.copyOf(headings));
    }

    /// Adds a row.
    ///
    /// @throws IllegalArgumentException if it has another number of columns
    public void add(List<String> row) {
        if (row.size() != rows.getFirst().size()) {
            throw new IllegalArgumentException("%d columns, expected %d".formatted(row.size(), rows.getFirst().size()));
        }
        rows.add(List.copyOf(row));
    }

    /// For a terminal: columns stand below each other.
    public List<String> plain() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < row.size(); column++) {
                String blanks = " ".repeat(width(column) - row.get(column).length());
                line.append(column == 0 ? row.get(column) + blanks : "  " + blanks + row.get(column));
            }
            lines.add(line.toString().stripTrailing());
        }
        return lines;
    }

    /// For Markdown.
    public List<String> markdown() {
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            lines.add("| " + String.join(" | ", row) + " |");
        }
        lines.add(1, "|---|" + "---:|".repeat(rows.getFirst().size() - 1));
        return lines;
    }

    private int width(int column) {
        return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
    }
}
