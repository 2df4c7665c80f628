package org.ternlm.compare.step;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.ternlm.command.CommandException;
import org.ternlm.command.MemoryConsole;
import org.ternlm.compare.config.Experiment;
import org.ternlm.format.ModelFormatException;

/// Steps with a script in tern's place: what is done is kept, whatever happens between.
@DisabledOnOs(OS.WINDOWS)
class RunnerTest {
    private static final String CONFIG = """
            name: small
            data: {sources: text.txt, separator: "||", validation_share: 0.25}
            tokenizer: {vocabulary: 300}
            sizes:
              - {name: S, hidden: 64, feed_forward: 128, layers: 1, heads: 2}
            arms: [llama, b158]
            recipe: {tokens: 4096, batch: 8, length: 32}
            """;

    @TempDir
    Path folder;
    private final AtomicBoolean stop = new AtomicBoolean();
    private final MemoryConsole console = new MemoryConsole();

    @BeforeEach
    void files() throws IOException {
        Files.writeString(folder.resolve("text.txt"), "one||two||three||four||five||six||seven||eight");
        Files.writeString(folder.resolve("config.yaml"), CONFIG);
        Scripts.tern(folder);
    }

    private Experiment experiment() {
        return Experiment.read(folder.resolve("config.yaml"));
    }

    private int run() throws IOException {
        Experiment experiment = experiment();
        List<Step> steps = Plan.of(experiment).steps();
        Program program = new LaunchedProgram(List.of(folder.resolve("tern").toString()), stop::get);
        Runner runner = new Runner(experiment, results(), program, "abc", console);
        runner.begin(steps);
        return runner.run(steps, steps);
    }

    private Results results() throws IOException {
        return Results.in(folder.resolve("runs/small/results"));
    }

    private List<String> calls() throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls) ? Files.readAllLines(calls) : List.of();
    }

    private void forgetCalls() throws IOException {
        Files.deleteIfExists(folder.resolve("calls"));
    }

    private void order(String command, String script) throws IOException {
        Files.writeString(folder.resolve("orders").resolve(command), script);
    }

    @Test
    void allStepsAreDoneOnceAndKept() throws IOException {
        assertThat(run()).isZero();
        Results results = results();
        assertThat(Plan.of(experiment()).steps())
                .allSatisfy(step -> assertThat(results.has(step)).as(step.id()).isTrue());
        Result trained = results.done("train-arms-alone-S-b158-1").orElseThrow();
        assertThat(trained.values().path("rate").asDouble()).isEqualTo(0.002);
        assertThat(trained.values().path("curve")).hasSize(2);
        assertThat(trained.values().path("validation_loss").asDouble()).isEqualTo(4.5);
        assertThat(trained.commands()).singleElement().asString()
                .startsWith("tern train configs/train-arms-alone-S-b158-1.yaml");
        Result loss = results.done("loss-arms-alone-S-llama-1").orElseThrow();
        assertThat(loss.values().path("nats").toString()).isEqualTo("[4.0,4.0]");
        assertThat(loss.values().path("tokens").toString()).isEqualTo("[2,2]");
        assertThat(
                results.done("pack-arms-alone-S-llama-1").orElseThrow().values().path("conversion_seconds").asDouble())
                .isEqualTo(
                        0.3);
        assertThat(console.errorText()).contains("about 0 s left").doesNotContain("FAILED");
        forgetCalls();
        assertThat(run()).isZero();
        assertThat(calls()).isEmpty();
    }

    @Test
    void everyFourthDocumentIsKeptApart() throws IOException {
        run();
        assertThat(folder.resolve("runs/small/data/train.txt")).hasContent("one||two||three||five||six||seven");
        assertThat(folder.resolve("runs/small/data/documents.jsonl"))
                .hasContent("{\"text\":\"four\"}\n{\"text\":\"eight\"}");
    }

    @Test
    void afterADeathBetweenStepsOnlyTheRestIsDone() throws IOException {
        order("score", "exit 3");
        assertThatThrownBy(this::run).isInstanceOf(CommandException.class).hasMessageContaining("loss-")
                .hasMessageContaining(
                        "exit code 3");
        Files.delete(folder.resolve("orders/score"));
        forgetCalls();
        assertThat(run()).isZero();
        assertThat(calls()).noneMatch(call -> call.startsWith("train")).anyMatch(call -> call.startsWith("score"));
    }

    @Test
    void aStopWithinAStepLeavesNoResultOfIt() throws IOException {
        order("inspect", "sleep 60");
        order("convert", "touch \"$here/converting\"");
        Experiment experiment = experiment();
        Program program = new LaunchedProgram(List.of(folder.resolve("tern").toString()), () -> calledInspect());
        List<Step> steps = Plan.of(experiment).steps();
        long start = System.nanoTime();
        Runner runner = new Runner(experiment, results(), program, "abc", console);
        assertThatThrownBy(() -> runner.run(steps, steps)).isInstanceOf(StoppedException.class);
        assertThat((System.nanoTime() - start) / 1e9).isLessThan(50);
        assertThat(results().find("inspect-arms-alone-S-llama-1")).isEmpty();
        assertThat(results().done(Kind.LOSS)).hasSize(2);
        Files.delete(folder.resolve("orders/inspect"));
        forgetCalls();
        assertThat(run()).isZero();
        assertThat(calls()).noneMatch(call -> call.startsWith("score")).anyMatch(call -> call.startsWith("inspect"));
    }

    private boolean calledInspect() {
        try {
            return calls().stream().anyMatch(call -> call.startsWith("inspect"));
        } catch (IOException e) {
            return false;
        }
    }

    @Test
    void aTrainingThatWasKilledGoesOn() throws IOException {
        // The first start dies as if by the system, after it has written a part.
        order("train", """
                case "$*" in *--resume*) if [ ! -f "$here/died" ]; then touch "$here/died"; kill -9 $$; fi ;; esac
                """);
        assertThatThrownBy(this::run).isInstanceOf(CommandException.class).hasMessageContaining("train-");
        forgetCalls();
        assertThat(run()).isZero();
        assertThat(calls()).filteredOn(call -> call.contains("train-arms-alone-S-llama-1.yaml --resume")).hasSize(1);
        assertThat(calls()).noneMatch(call -> call.contains("--sweep-lr"));
    }

    @Test
    void onlyARunThatMeantTheSameIsGoneOnWith() throws IOException {
        run();
        Path left = folder.resolve("runs/small/runs/train-arms-alone-S-llama-1/checkpoints/step-7");
        order("train", """
                case "$*" in *train-arms-alone-S-llama-1.yaml*)
                    ls "$here/runs/small/runs/train-arms-alone-S-llama-1/checkpoints" >>"$here/left" 2>&1 ;;
                esac
                """);
        Files.createDirectories(left);
        forget("train-arms-alone-S-llama-1");
        run();
        assertThat(folder.resolve("left")).content().contains("step-7");
        Files.createDirectories(left);
        Files.delete(folder.resolve("left"));
        forget("-S-");
        forget("speed");
        Files.writeString(folder.resolve("config.yaml"), CONFIG.replace("layers: 1", "layers: 2"));
        run();
        assertThat(folder.resolve("left")).content().doesNotContain("step-7");
    }

    private void forget(String results) throws IOException {
        try (Stream<Path> files = Files.list(folder.resolve("runs/small/results"))) {
            for (Path file : files.filter(one -> one.getFileName().toString().contains(results)).toList()) {
                Files.delete(file);
            }
        }
    }

    @Test
    void anInterruptedProgramIsNoFailure() throws IOException {
        order("score", "exit 130");
        assertThatThrownBy(this::run).isInstanceOf(StoppedException.class);
        assertThat(results().all()).noneMatch(result -> result.failure().isPresent());
    }

    @Test
    void whatCanBeDoneWithoutMayFailAndIsTriedAgain() throws IOException {
        order("bench", "echo 'tern: no bench today' >&2; exit 2");
        assertThat(run()).isPositive();
        assertThat(console.errorText()).contains("FAILED, no bench today");
        assertThat(results().find("bench-arms-alone-S-llama-1").orElseThrow().failure()).hasValueSatisfying(
                why -> assertThat(why).startsWith("no bench today"));
        Files.delete(folder.resolve("orders/bench"));
        forgetCalls();
        assertThat(run()).isZero();
        assertThat(calls()).allMatch(call -> call.startsWith("bench"));
    }

    @Test
    void aLossThatLeavesAllBoundsIsAResult() throws IOException {
        order("train", """
                case "$*" in *b158*--resume*) echo 'tern: step 7: the loss diverged to 900' >&2; exit 2 ;; esac
                """);
        assertThat(run()).isPositive();
        assertThat(console.errorText()).contains("FAILED, step 7: the loss diverged").contains(
                "not done, it needs train-arms-alone-S-b158-1");
        assertThat(results().done("loss-arms-alone-S-llama-1")).isPresent();
        assertThat(calls()).filteredOn(call -> call.contains("train-arms-alone-S-b158-1.yaml --resume")).hasSize(3);
    }

    @Test
    void aRunThatDivergesBeginsAgainWithHalfTheRate() throws IOException {
        // The second try dies as if by the system, and is gone on with at the rate that it had.
        order("train", """
                case "$*" in *b158*--resume*)
                    grep 'rate:' "$2" >>"$here/rates"
                    ls "$here/runs/small/runs/train-arms-alone-S-b158-1" >>"$here/left" 2>/dev/null
                    case $(wc -l <"$here/rates") in
                        1) mkdir -p "$here/runs/small/runs/train-arms-alone-S-b158-1/tried"
                            echo 'tern: training diverged at step 7' >&2; exit 2 ;;
                        2) kill -9 $$ ;;
                    esac ;;
                esac
                """);
        assertThatThrownBy(this::run).isInstanceOf(CommandException.class);
        assertThat(run()).isZero();
        List<Double> rates = Files.readAllLines(folder.resolve("rates")).stream()
                .map(line -> Double.valueOf(line.replaceFirst(".*:", ""))).toList();
        assertThat(rates).containsExactly(rates.getFirst(), rates.getFirst() / 2, rates.getFirst() / 2);
        assertThat(folder.resolve("left")).content().doesNotContain("tried");
        JsonNode values = results().find("train-arms-alone-S-b158-1").orElseThrow().values();
        assertThat(values.path("rate").asDouble()).isEqualTo(rates.getLast());
        assertThat(values.path("diverged")).extracting(JsonNode::asDouble).containsExactly(rates.getFirst());
    }

    @Test
    void resultsOfAnotherConfigurationAreNotTaken() throws IOException {
        run();
        Files.writeString(folder.resolve("config.yaml"), CONFIG.replace("layers: 1", "layers: 2"));
        assertThatThrownBy(this::run).isInstanceOf(CommandException.class)
                .hasMessageContaining("another configuration");
    }

    @Test
    void whatDependsOnSomethingNewerIsDoneAgain() throws IOException {
        run();
        Path file = folder.resolve("runs/small/results/pack-arms-alone-S-llama-1.json");
        String later = Files.readString(file).replaceFirst("\"began\" : \"\\d+", "\"began\" : \"9999");
        Files.writeString(file, later);
        forgetCalls();
        run();
        assertThat(calls()).anyMatch(call -> call.startsWith("score")).noneMatch(call -> call.contains("b158"));
    }

    @Test
    void tooManyRoundsOfTheTextAreRefused() throws IOException {
        Files.writeString(folder.resolve("config.yaml"), CONFIG.replace("tokens: 4096", "tokens: 40960"));
        assertThatThrownBy(this::run).isInstanceOf(CommandException.class).hasMessageContaining("recipe.tokens")
                .hasMessageContaining(
                        "at most 4");
    }

    @Test
    void aDamagedResultIsNamed() throws IOException {
        run();
        Path file = folder.resolve("runs/small/results/speed.json");
        Files.writeString(file, "{", StandardOpenOption.TRUNCATE_EXISTING);
        assertThatThrownBy(this::results).isInstanceOf(ModelFormatException.class).hasMessageContaining("speed.json");
    }

    @Test
    void anEstimateCountsOperations() throws IOException {
        run();
        Results results = results();
        List<Step> steps = Plan.of(experiment()).steps();
        assertThat(new Estimate(results).seconds(steps)).isZero();
        Results none = Results.in(folder.resolve("nothing"));
        assertThat(new Estimate(none).seconds(steps)).isPositive();
        assertThat(new Estimate(none).lines(steps)).last().asString().contains("a guess");
        assertThat(Estimate.time(3725)).isEqualTo("1 h 02 min");
        assertThat(Estimate.time(200)).isEqualTo("3 min 20 s");
    }
}
