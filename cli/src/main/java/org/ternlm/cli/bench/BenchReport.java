package org.ternlm.cli.bench;

import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.ternlm.cli.output.Ink;
import org.ternlm.cli.output.JsonText;
import org.ternlm.command.Unit;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.quant.TritCounts;

/// All that was measured, for people and programs.
///
/// @param rounds one for each number of threads
/// @param selection the kernels
record BenchReport(List<BenchRound> rounds, KernelSelection selection) {
    private static final List<String> COLUMNS = List.of("model", "test", "threads", "tokens/s", "spread",
            "of bandwidth", "of entropy limit", "checksum");
    private static final int TEXT_COLUMNS = 2;

    void print(PrintStream out, Ink ink) {
        List<List<String>> rows = rows();
        int[] widths = new int[COLUMNS.size()];
        for (int c = 0; c < widths.length; c++) {
            int column = c;
            widths[c] = Math.max(COLUMNS.get(c).length(),
                    rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0));
        }
        out.println(ink.bold(line(COLUMNS, widths)));
        rows.forEach(row -> out.println(line(row, widths)));
        out.println();
        rounds.forEach(round -> {
            round.results().stream().flatMap(ProfileTable::of).forEach(profile -> profile.print(out, ink));
            round.results().forEach(result -> describe(result, out));
            out.println(machine(round));
        });
        out.flush();
    }

    private static String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int c = 0; c < widths.length; c++) {
            String gap = " ".repeat(widths[c] - cells.get(c).length());
            line.append(c == 0 ? "" : "  ").append(c < TEXT_COLUMNS ? cells.get(c) + gap : gap + cells.get(c));
        }
        return line.toString().stripTrailing();
    }

    void printMarkdown(PrintStream out) {
        out.println("| " + String.join(" | ", COLUMNS) + " |");
        out.println("|---|---|" + "---:|".repeat(COLUMNS.size() - TEXT_COLUMNS));
        rows().forEach(row -> out.println("| " + String.join(" | ", row) + " |"));
        out.println();
        rounds.forEach(round -> {
            round.results().stream().flatMap(ProfileTable::of).forEach(profile -> profile.printMarkdown(out));
            out.println(machine(round));
        });
        out.flush();
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (BenchRound round : rounds) {
            for (SubjectResult result : round.results()) {
                for (Measurement measurement : result.measurements()) {
                    rows.add(List.of(result.name(), measurement.test().name(), Integer.toString(round.threads()),
                            rate(measurement.median()),
                            rate(measurement.lowest()) + " to " + rate(measurement.highest()),
                            percent(result.bandwidthShare(measurement, round.bandwidth())),
                            percent(result.entropyShare(measurement, round.bandwidth())), measurement.checksum()));
                }
            }
        }
        return rows;
    }

    private static String rate(double rate) {
        return String.format(Locale.ROOT, rate < 100 ? "%.2f" : "%,.0f", rate);
    }

    private static String percent(OptionalDouble share) {
        return share.isEmpty() ? "" : String.format(Locale.ROOT, "%.0f %%", 100 * share.getAsDouble());
    }

    private static void describe(SubjectResult result, PrintStream out) {
        StartUp start = result.startUp();
        out.println(String.format(Locale.ROOT,
                "%s: reads %s a token; ready in %.2f s, first token %.2f s later%s; peak memory so far %s",
                result.name(), Unit.BYTES.amount(result.weightBytes()), start.loadSeconds(), start.firstTokenSeconds(),
                start.fullSpeedSeconds().isEmpty()
                        ? ""
                        : String.format(Locale.ROOT, ", full speed %.2f s after the start of the process",
                                start.fullSpeedSeconds().getAsDouble()),
                result.peakBytes() == 0 ? "unknown" : Unit.BYTES.amount(result.peakBytes())));
        if (result.isTernary()) {
            describeArithmetic(result, out);
        }
        for (Measurement measurement : result.measurements()) {
            measurement.joulesPerToken().ifPresent(joules -> out.println(String.format(Locale.ROOT,
                    "  %s: %.3g mJ a token, processors and memory, measured by RAPL; all programs together",
                    measurement.test().name(), joules * 1e3)));
        }
    }

    private static void describeArithmetic(SubjectResult result, PrintStream out) {
        MultiplyAccumulates work = MultiplyAccumulates.of(result.config(), 0);
        TritCounts trits = result.trits();
        OperationEnergy energy = OperationEnergy.of(result.config());
        out.println(String.format(Locale.ROOT, "  %,d products of linear layers a token need no multiplication: "
                + "%,d additions, %,d subtractions, %,d zeros", work.linear(), trits.plus(), trits.minus(),
                trits.zero()));
        out.println(String.format(Locale.ROOT, "  the papers' model of arithmetic alone: %.2g mJ instead of %.2g mJ "
                + "in float16 (7 nm, not measured)", energy.ternaryJoules() * 1e3, energy.halfJoules() * 1e3));
    }

    private String machine(BenchRound round) {
        return "%d thread%s, %s%s (many tokens: %s), memory %s, Java %s".formatted(round.threads(),
                round.threads() == 1 ? "" : "s",
                selection.provider(), selection.vectorBits() == 0 ? "" : " of " + selection.vectorBits() + " bits",
                round.manyTokens(), round.bandwidth().isEmpty()
                        ? "not measured"
                        : Unit.BYTES.amount(round.bandwidth().getAsDouble()) + "/s",
                Runtime.version());
    }

    String json() throws IOException {
        return JsonText.object(json -> {
            json.writeStringField("kernels", selection.provider());
            json.writeNumberField("vector_bits", selection.vectorBits());
            json.writeStringField("java", Runtime.version().toString());
            json.writeArrayFieldStart("results");
            for (BenchRound round : rounds) {
                for (SubjectResult result : round.results()) {
                    json.writeStartObject();
                    BenchFields.write(json, result, round);
                    json.writeEndObject();
                }
            }
            json.writeEndArray();
        });
    }
}
