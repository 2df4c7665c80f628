package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import org.ternlm.compare.config.Arm;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;

/// Runs under limits of memory.
record SmallDeviceSection(Findings findings) {

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Small devices"));
        List<List<String>> rows = new ArrayList<>();
        for (Result result : findings.of(Kind.SMALL)) {
            JsonNode values = result.values();
            Timing timing = Timing.of(values);
            OptionalDouble peak = timing.peakBytes();
            Model model = findings.model(result.about("set"), result.about("size"), arm(result.about("arm")));
            OptionalDouble rest = peak.isPresent() && model.bytes().isPresent()
                    ? OptionalDouble.of(peak.getAsDouble() - model.bytes().getAsDouble())
                    : OptionalDouble.empty();
            rows.add(List.of(model.title(), result.about("megabytes") + " MB", values.path("exit_code").asInt() == 0
                    ? "runs"
                    : "does not run: " + values.path("last_words").asText(), Numbers.orNone(peak, Numbers::bytes),
                    Numbers.orNone(
                            model.bytes(), Numbers::bytes),
                    Numbers.orNone(rest, Numbers::bytes), Numbers.orNone(timing.msPerToken(),
                            Numbers::three)));
        }
        if (rows.isEmpty()) {
            blocks.add(new Block.Text(
                    "Not measured: no runs under a limit of memory. With small_device.megabytes and a wrapper that sets the limit they are."));
        } else {
            blocks.add(new Block.Table("Runs under a limit of memory",
                    List.of("model", "limit", "outcome", "process at most",
                            "of that weights", "JVM and program", "ms a token"),
                    rows, "small-*.json"));
        }
        return blocks;
    }

    private static Arm arm(String name) {
        return Arm.all().stream().filter(arm -> arm.configName().equals(name)).findFirst().orElse(Arm.B158);
    }
}
