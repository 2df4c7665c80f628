package org.ternlm.compare.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.ternlm.compare.step.Estimate;
import org.ternlm.compare.step.Kind;
import org.ternlm.compare.step.Result;

/// Where the figures come from: machine, program, seeds, commands, and what is missing.
record ProvenanceSection(Findings findings) {

    List<Block> blocks() {
        List<Block> blocks = new ArrayList<>();
        blocks.add(new Block.Heading("Where the figures come from"));
        JsonNode machine = findings.values("machine");
        JsonNode experiment = findings.experiment();
        List<List<String>> rows = new ArrayList<>();
        rows.add(List.of("machine",
                "%s, %s processors%s".formatted(machine.path("processor").asText("unknown"), machine.path(
                        "processors").asText("?"), machine.has("memory_bytes")
                                ? ", " + Numbers.bytes(machine.path("memory_bytes").asDouble()) + " of memory"
                                : "")));
        rows.add(List.of("system", machine.path("system").asText() + ", Java " + machine.path("java").asText()));
        Optional<Result> bench = findings.of(Kind.BENCH).stream().findFirst();
        bench.ifPresent(result -> rows.add(List.of("kernels",
                "%s of %s bits, %s threads".formatted(result.values().path("kernels")
                        .asText(), result.values().path("vector_bits").asText(),
                        Timing.of(result.values()).result().path("threads")
                                .asText()))));
        rows.add(List.of("program", "commit " + String.join(", ", commits())));
        rows.add(List.of("configuration", experiment.path("configuration").asText()));
        rows.add(List.of("texts", String.join(", ", texts(experiment))));
        rows.add(List.of("seeds", String.join(", ", findings.seeds().stream().map(String::valueOf).toList())));
        double seconds = findings.results().all().stream().mapToDouble(Result::seconds).sum();
        rows.add(List.of("steps", "%d done in %s, from %s".formatted(done(), Estimate.time(seconds), began())));
        blocks.add(
                new Block.Table("Machine, program, texts", List.of("", "what"), rows, "machine.json, experiment.json"));
        missing(blocks);
        commands(blocks);
        return blocks;
    }

    private List<String> commits() {
        return findings.results().all().stream().map(Result::commit).distinct().sorted().toList();
    }

    private static List<String> texts(JsonNode experiment) {
        List<String> texts = new ArrayList<>();
        experiment.path("sources").forEach(text -> texts.add(text.asText()));
        experiment.path("validation").forEach(text -> texts.add(text.asText() + " (validation)"));
        return texts;
    }

    private long done() {
        return findings.results().all().stream().filter(Result::isDone).filter(result -> isStep(result)).count();
    }

    private static boolean isStep(Result result) {
        return !result.id().equals("machine") && !result.id().equals("experiment");
    }

    private String began() {
        return findings.results().all().stream().map(Result::began).sorted().findFirst().orElse("");
    }

    private void missing(List<Block> blocks) {
        List<List<String>> rows = new ArrayList<>();
        findings.experiment().path("steps").forEach(step -> {
            Optional<Result> found = findings.results().find(step.asText());
            if (found.isEmpty() || !found.get().isDone()) {
                rows.add(List.of(step.asText(), found.flatMap(Result::failure).orElse("not run yet")));
            }
        });
        if (!rows.isEmpty()) {
            blocks.add(new Block.Table("Steps without a result", List.of("step", "why"), rows, ""));
        }
    }

    private void commands(List<Block> blocks) {
        List<String> lines = new ArrayList<>();
        findings.results().done(result -> isStep(result)).forEach(result -> lines.addAll(result.commands()));
        if (!lines.isEmpty()) {
            blocks.add(new Block.Lines("Commands, in the folder of the comparison", lines));
        }
    }
}
