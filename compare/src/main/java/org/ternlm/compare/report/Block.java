package org.ternlm.compare.report;

import java.util.List;
import java.util.Locale;

/// A piece of a report. What can be shown of it is decided by the page.
public sealed interface Block {
    /// Begins a section.
    ///
    /// @param title of the section
    record Heading(String title) implements Block {}

    /// Some sentences.
    ///
    /// @param text without markup
    record Text(String text) implements Block {}

    /// A table whose first column names the rows.
    ///
    /// @param title what it shows
    /// @param columns their headings
    /// @param rows a cell for each column
    /// @param note how it came about, and which files it is from
    record Table(String title, List<String> columns, List<List<String>> rows, String note) implements Block {
        public Table {
            columns = List.copyOf(columns);
            rows = rows.stream().map(List::copyOf).toList();
            int expected = columns.size();
            rows.forEach(row -> {
                if (row.size() != expected) {
                    throw new IllegalArgumentException(
                            "table \"%s\" has %d columns and a row %s".formatted(title, expected,
                                    row));
                }
            });
        }
    }

    /// A picture.
    ///
    /// @param name of its file
    /// @param picture what it shows
    /// @param note how it came about
    record Figure(String name, Picture picture, String note) implements Block {}

    /// A question that the paper's readers ask.
    ///
    /// @param question in words
    /// @param verdict in a word or two
    /// @param figures that show it
    /// @param files the results that they are from
    record Answer(String question, String verdict, String figures, List<String> files) implements Block {
        /// The verdict where a step was not run.
        static final String NOT_MEASURED = "not measured";

        public Answer {
            files = List.copyOf(files);
        }

        /// The verdict as the beginning of a sentence.
        String beginning() {
            return verdict.substring(0, 1).toUpperCase(Locale.ROOT) + verdict.substring(1);
        }

        static Answer notMeasured(String question, String missing) {
            return new Answer(question, NOT_MEASURED, "It would take " + missing + ".", List.of());
        }
    }

    /// Lines as they are: commands.
    ///
    /// @param title what they are
    /// @param lines one below the other
    record Lines(String title, List<String> lines) implements Block {
        public Lines {
            lines = List.copyOf(lines);
        }
    }
}
