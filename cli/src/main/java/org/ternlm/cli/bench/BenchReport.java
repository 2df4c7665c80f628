package org.ternlm.cli.bench;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalDouble;
import org.ternlm.cli.output.Ink;
import org.ternlm.cli.output.JsonText;
import org.ternlm.command.Unit;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.model.PassProfile.Part;

/// All that was measured, for people and programs.
///
/// @param results one a subject
/// @param bandwidth bytes a second that the same threads can read, measured in the same run
/// @param selection the kernels
/// @param threads that computed
record BenchReport(List<SubjectResult> results, OptionalDouble bandwidth, KernelSelection selection, int threads) {
    private static final List<String> COLUMNS = List.of("model", "test", "tokens/s", "spread", "of bandwidth",
            "of entropy limit");
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
        results.stream().flatMap(ProfileTable::of).forEach(profile -> profile.print(out, ink));
        results.forEach(result -> describe(result, out));
        out.println(machine());
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
        results.stream().flatMap(ProfileTable::of).forEach(profile -> profile.printMarkdown(out));
        out.println(machine());
        out.flush();
    }

    private List<List<String>> rows() {
        List<List<String>> rows = new ArrayList<>();
        for (SubjectResult result : results) {
            for (Measurement measurement : result.measurements()) {
                rows.add(List.of(result.name(), measurement.test().name(), rate(measurement.median()),
                        rate(measurement.lowest()) + " to " + rate(measurement.highest()),
                        percent(result.bandwidthShare(measurement, bandwidth)),
                        percent(result.entropyShare(measurement, bandwidth))));
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
        MultiplyAccumulates work = MultiplyAccumulates.of(result.config(), 0);
        out.println(String.format(Locale.ROOT,
                "%s: reads %s a token; ready in %.1f s, first token %.2f s later; peak memory so far %s",
                result.name(), Unit.BYTES.amount(result.weightBytes()), result.loadSeconds(),
                result.firstTokenSeconds(),
                result.peakBytes() == 0 ? "unknown" : Unit.BYTES.amount(result.peakBytes())));
        if (result.isTernary()) {
            OperationEnergy energy = OperationEnergy.of(result.config());
            out.println(String.format(Locale.ROOT,
                    "  %,d products of linear layers a token need no multiplication; the "
                            + "papers' model of arithmetic alone: %.2g mJ instead of %.2g mJ in float16 (7 nm, not measured)",
                    work.linear(), energy.ternaryJoules() * 1e3, energy.halfJoules() * 1e3));
        }
    }

    private String machine() {
        return "%d thread%s, %s%s, memory %s, Java %s".formatted(threads, threads == 1 ? "" : "s",
                selection.provider(), selection.vectorBits() == 0 ? "" : " of " + selection.vectorBits() + " bits",
                bandwidth.isEmpty() ? "not measured" : Unit.BYTES.amount(bandwidth.getAsDouble()) + "/s",
                Runtime.version());
    }

    String json() throws IOException {
        return JsonText.object(json -> {
            json.writeNumberField("threads", threads);
            json.writeStringField("kernels", selection.provider());
            json.writeNumberField("vector_bits", selection.vectorBits());
            json.writeStringField("java", Runtime.version().toString());
            if (bandwidth.isPresent()) {
                json.writeNumberField("memory_bytes_per_second", bandwidth.getAsDouble());
            }
            json.writeArrayFieldStart("results");
            for (SubjectResult result : results) {
                write(json, result);
            }
            json.writeEndArray();
        });
    }

    private void write(JsonGenerator json, SubjectResult result) throws IOException {
        json.writeStartObject();
        json.writeStringField("model", result.name());
        json.writeNumberField("weight_bytes_per_token", result.weightBytes());
        json.writeNumberField("linear_weights", MultiplyAccumulates.of(result.config(), 0).linear());
        json.writeNumberField("load_seconds", result.loadSeconds());
        json.writeNumberField("first_token_seconds", result.firstTokenSeconds());
        json.writeNumberField("peak_bytes", result.peakBytes());
        json.writeArrayFieldStart("tests");
        for (Measurement measurement : result.measurements()) {
            json.writeStartObject();
            json.writeStringField("test", measurement.test().name());
            json.writeNumberField("tokens", measurement.test().tokens());
            json.writeNumberField("batch", measurement.test().batch());
            json.writeNumberField("depth", measurement.test().depth());
            json.writeNumberField("tokens_per_second", measurement.median());
            json.writeFieldName("all");
            json.writeArray(measurement.rates(), 0, measurement.rates().length);
            OptionalDouble share = result.bandwidthShare(measurement, bandwidth);
            if (share.isPresent()) {
                json.writeNumberField("bandwidth_share", share.getAsDouble());
            }
            OptionalDouble entropy = result.entropyShare(measurement, bandwidth);
            if (entropy.isPresent()) {
                json.writeNumberField("entropy_share", entropy.getAsDouble());
            }
            if (!measurement.millis().isEmpty()) {
                json.writeObjectFieldStart("milliseconds");
                for (Map.Entry<Part, Double> part : measurement.millis().entrySet()) {
                    json.writeNumberField(part.getKey().title(), part.getValue());
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        json.writeEndArray();
        json.writeEndObject();
    }
}
