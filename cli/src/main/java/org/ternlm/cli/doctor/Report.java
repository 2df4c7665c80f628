package org.ternlm.cli.doctor;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.cli.output.Ink;

/// What the doctor found, section by section, shown to a person or to a program.
///
/// @param sections in the order of showing
record Report(List<Section> sections) {
    /// @param title what was examined
    /// @param findings what was found
    record Section(String title, List<Finding> findings) {}

    static Report of(List<Examination> examinations) {
        List<Section> sections = new ArrayList<>();
        for (Examination examination : examinations) {
            sections.add(new Section(examination.title(), examination.findings()));
        }
        return new Report(List.copyOf(sections));
    }

    boolean hasFailures() {
        return sections.stream().flatMap(section -> section.findings().stream()).anyMatch(Finding::failed);
    }

    /// Aligned columns; advice stands below what it is about.
    void print(PrintStream out, Ink ink) {
        int widest = sections.stream().flatMap(section -> section.findings().stream())
                .mapToInt(finding -> finding.name().length()).max().orElse(0);
        String gap = "";
        for (Section section : sections) {
            out.println(gap + ink.bold(section.title()));
            gap = System.lineSeparator();
            for (Finding finding : section.findings()) {
                out.println("  " + finding.name() + " ".repeat(widest - finding.name().length() + 2)
                        + (finding.failed() ? ink.red(finding.value()) : finding.value()));
                if (finding.advice() != null) {
                    out.println("  " + " ".repeat(widest + 2) + ink.yellow("→ " + finding.advice()));
                }
            }
        }
    }

    /// `{"environment":{"jdk":{"value":"…","advice":"…"},…},…}`; `number`, `failed` and `advice` only
    /// where there are such.
    String json() throws IOException {
        StringWriter text = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
            json.setPrettyPrinter(new DefaultPrettyPrinter());
            json.writeStartObject();
            for (Section section : sections) {
                json.writeObjectFieldStart(section.title().replace(' ', '_').replace('-', '_'));
                for (Finding finding : section.findings()) {
                    json.writeObjectFieldStart(finding.key());
                    json.writeStringField("value", finding.value());
                    if (finding.number() != null) {
                        json.writeNumberField("number", finding.number());
                    }
                    if (finding.failed()) {
                        json.writeBooleanField("failed", true);
                    }
                    if (finding.advice() != null) {
                        json.writeStringField("advice", finding.advice());
                    }
                    json.writeEndObject();
                }
                json.writeEndObject();
            }
            json.writeEndObject();
        }
        return text.toString();
    }
}
