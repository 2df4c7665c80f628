package org.ternlm.cli.bench;

import java.io.PrintStream;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.ternlm.cli.output.Ink;
import org.ternlm.model.PassProfile.Part;

/// What the parts of a pass take, the longest first.
///
/// @param title which model and test
/// @param millis of a pass by part
/// @param downDensities the shares of the down projections' inputs that are not 0, layer by layer
record ProfileTable(String title, Map<Part, Double> millis, List<Double> downDensities) {

    ProfileTable {
        millis = Map.copyOf(millis);
        downDensities = List.copyOf(downDensities);
    }

    /// A table for each measurement whose parts were measured.
    static Stream<ProfileTable> of(SubjectResult result) {
        return result.measurements().stream().filter(measurement -> !measurement.millis().isEmpty())
                .map(measurement -> new ProfileTable(result.name() + ", " + measurement.test().name(),
                        measurement.millis(), measurement.downDensities()));
    }

    void print(PrintStream out, Ink ink) {
        out.println(ink.bold(String.format(Locale.ROOT, "%-28s%10s%8s", title, "ms a pass", "share")));
        longestFirst().forEach(part -> out.println(String.format(Locale.ROOT, "  %-26s%10.3f%6.1f %%", part.title(),
                time(part), 100 * time(part) / total())));
        out.println(String.format(Locale.ROOT, "  %-26s%10.3f", "all", total()));
        printDensities(out);
        out.println();
    }

    private void printDensities(PrintStream out) {
        if (!downDensities.isEmpty()) {
            out.println(String.format(Locale.ROOT, "  not 0 of what down takes: %.1f %%; layer by layer %s",
                    100 * downDensities.stream().mapToDouble(Double::doubleValue).average().orElseThrow(), downDensities
                            .stream().map(share -> String.format(Locale.ROOT, "%.0f", 100 * share)).collect(Collectors
                                    .joining(" "))));
        }
    }

    void printMarkdown(PrintStream out) {
        out.println("| " + title + " | ms a pass | share |");
        out.println("|---|---:|---:|");
        longestFirst().forEach(part -> out.println(String.format(Locale.ROOT, "| %s | %.3f | %.1f %% |", part.title(),
                time(part), 100 * time(part) / total())));
        out.println(String.format(Locale.ROOT, "| all | %.3f | |", total()));
        out.println();
        if (!downDensities.isEmpty()) {
            printDensities(out);
            out.println();
        }
    }

    private List<Part> longestFirst() {
        return millis.keySet().stream().sorted(Comparator.comparingDouble(this::time).reversed()).toList();
    }

    private double time(Part part) {
        return millis.getOrDefault(part, 0.0);
    }

    private double total() {
        return millis.values().stream().mapToDouble(Double::doubleValue).sum();
    }
}
