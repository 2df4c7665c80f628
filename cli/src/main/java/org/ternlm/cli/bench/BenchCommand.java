package org.ternlm.cli.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ternlm.cli.bench.Measurement.Test;
import org.ternlm.cli.doctor.LinuxLimits;
import org.ternlm.cli.output.Ink;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.MemoryBandwidth;
import org.ternlm.model.Geometry;
import org.ternlm.model.Model;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.ThreadsOption;
import org.ternlm.quant.DenseForm;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tern bench`.
@Command(customSynopsis = "tern bench [-m MODEL | --geometry NAME] [OPTIONS]", footer = {
        "  tern bench -m FOLDER                          prompts and generation",
        "  tern bench --geometry 2b4t --kinds b158,f16   random weights of that shape",
        "  tern bench --geometry 700M --batch 1,4,16     sequences at once",
        "  tern bench --geometry 700M --depth 0,2048     behind long contexts",
        "  tern bench --geometry 2b4t -p 0 --profile     what parts of a token take",
        "  tern bench -m FOLDER -t 1,2 --start-up        threads; how soon it is fast",
        "  tern bench --geometry 2b4t --record FILE      adds to a file of JSON lines",
        "", "pp512 is a prompt of 512 tokens in one pass, tg128 are 128 tokens one by one,",
        "x16 means 16 sequences at once, @2048 behind 2,048 positions. Each test warms",
        "up once, or with --repeat 3 or more until it gets no faster; the median counts."})
public final class BenchCommand implements Callable<Integer> {
    private static final int MOST_TOKENS = 1 << 20;

    private final Console console;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--geometry", paramLabel = "NAME", split = ",", description = "Published shapes: 2b4t, 700M-published, 700M, 1.3B, 3B, 3.9B, 7B, 13B, 30B, 70B.")
    private List<String> geometries = new ArrayList<>();

    @Option(names = "--kinds", paramLabel = "KIND", split = ",", description = "What a geometry's linear layers are made of: b158, b1, f32, f16, bf16, int8, q8_0, q4_0.")
    private List<String> kinds = new ArrayList<>(List.of("b158"));

    @Option(names = "--embedding", paramLabel = "FORM", description = "What a geometry's embedding is made of, and its head before --head: F16, BF16, F32, I8, Q8_0, Q4_0.")
    private DenseForm embedding = DenseForm.F16;

    @Mixin
    private HeadOption head = new HeadOption();

    @Mixin
    private NativeOption nativeLibrary = new NativeOption();

    @Option(names = {"-p",
            "--prompt"}, paramLabel = "N", split = ",", description = "Lengths of prompts; 0 for none. 512 if not given.")
    private List<Integer> prompts = new ArrayList<>(List.of(512));

    @Option(names = {"-n",
            "--max-tokens"}, paramLabel = "N", split = ",", description = "Tokens to generate; 0 for none. 128 if not given.")
    private List<Integer> generated = new ArrayList<>(List.of(128));

    @Option(names = "--batch", paramLabel = "N", split = ",", description = "Sequences that generate at once.")
    private List<Integer> batches = new ArrayList<>(List.of(1));

    @Option(names = "--depth", paramLabel = "N", split = ",", description = "Positions that sequences have passed before.")
    private List<Integer> depths = new ArrayList<>(List.of(0));

    @Option(names = "--repeat", paramLabel = "N", description = "How often a test counts.")
    private int repetitions = 5;

    @Option(names = "--profile", description = "Tells what the parts of a pass take.")
    private boolean profile;

    @Mixin
    private KvOption kv = new KvOption();

    @Option(names = {"-t",
            "--threads"}, paramLabel = "N", split = ",", description = "Threads that compute; without it, one for each processor.")
    private List<Integer> threads = new ArrayList<>();

    @Option(names = "--start-up", description = "Measures when the first model reached full speed, too.")
    private boolean startUp;

    @Option(names = "--record", paramLabel = "FILE", description = "Adds a JSON line for each model to a file: for comparisons over time.")
    private @Nullable Path history;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(names = "--markdown", description = "Prints a table in Markdown.")
    private boolean markdown;

    /// A command that reports to `console`.
    public BenchCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        kv.form();
        nativeLibrary.choice();
        List<Test> tests = tests();
        List<Subject> subjects = subjects();
        if (history != null) {
            // Before minutes of measuring.
            BenchHistory.checkWritable(history);
        }
        KernelSelection selection = KernelSelection.choose();
        List<BenchRound> rounds = new ArrayList<>();
        for (int count : threads()) {
            rounds.add(round(count, subjects, tests, selection));
        }
        if (history != null) {
            new BenchHistory(history, Machine.ofThisProcess(), Revision.ofThisProgram()).add(rounds);
        }
        print(new BenchReport(rounds, selection));
        return ExitCode.OK;
    }

    private void print(BenchReport report) throws IOException {
        if (json) {
            console.out().println(report.json());
        } else if (markdown) {
            report.printMarkdown(console.out());
        } else {
            report.print(console.out(), Ink.ofOutput(console));
        }
    }

    private List<Integer> threads() {
        threads.forEach(ThreadsOption::check);
        return threads.isEmpty() ? List.of(new ThreadsOption().count()) : threads;
    }

    private BenchRound round(int threads, List<Subject> subjects, List<Test> tests, KernelSelection selection)
            throws IOException {
        try (Kernels kernels = selection.open(threads, nativeLibrary.choice())) {
            List<SubjectResult> results = new ArrayList<>();
            for (Subject subject : subjects) {
                results.add(result(subject, tests, kernels));
            }
            long buffer = LinuxLimits.ofThisMachine().measuringBytes();
            return new BenchRound(threads, MemoryBandwidth.measure(kernels.workers(), buffer),
                    kernels.manyTokens().state(),
                    results);
        }
    }

    private List<Test> tests() {
        check("--repeat", repetitions, 1);
        List<Test> tests = new ArrayList<>();
        for (int depth : depths) {
            check("--depth", depth, 0);
            prompts.stream().filter(tokens -> check("--prompt", tokens, 0) > 0)
                    .forEach(tokens -> tests.add(new Test(true, tokens, 1, depth)));
            for (int batch : batches) {
                check("--batch", batch, 1);
                generated.stream().filter(tokens -> check("--max-tokens", tokens, 0) > 0)
                        .forEach(tokens -> tests.add(new Test(false, tokens, batch, depth)));
            }
        }
        if (tests.isEmpty()) {
            throw new CommandException("nothing to measure", "-p 512 or -n 128");
        }
        return tests;
    }

    private static int check(String option, int value, int least) {
        if (value < least || value > MOST_TOKENS) {
            throw new CommandException("%s: expected %d to %,d, found %d".formatted(option, least, MOST_TOKENS, value));
        }
        return value;
    }

    private List<Subject> subjects() {
        if (geometries.isEmpty()) {
            return List.of(new Subject.Stored(model.path(), head.form()));
        }
        if (model.isGiven()) {
            throw new CommandException("a model and a geometry", "name one of them");
        }
        List<Subject> subjects = new ArrayList<>();
        for (String name : geometries) {
            Geometry geometry = Geometry.named(name).orElseThrow(() -> new CommandException(
                    "no geometry is called " + name,
                    "known are " + Geometry.all().stream().map(Geometry::name).collect(Collectors.joining(", "))));
            for (String kind : kinds) {
                Subject.weighting(kind);
                subjects.add(new Subject.Random(geometry, kind, embedding, head.form()));
            }
        }
        return subjects;
    }

    private SubjectResult result(Subject subject, List<Test> tests, Kernels kernels) throws IOException {
        int positions = tests.stream().mapToInt(Test::length).max().orElseThrow();
        forgetPeak();
        long begin = System.nanoTime();
        try (Arena arena = Arena.ofShared()) {
            Model loaded = subject.load(positions, kernels, arena, console);
            double loadSeconds = (System.nanoTime() - begin) / 1e9;
            if (positions > loaded.config().contextLength()) {
                throw new CommandException("%s: its context has %,d positions, and a test needs %,d".formatted(
                        subject.name(), loaded.config().contextLength(), positions), "smaller -p, -n or --depth");
            }
            StartUp start = StartUp.of(loaded, kernels, loadSeconds, startUp);
            // Later ones find the kernels compiled.
            startUp = false;
            List<Measurement> measurements = measurements(subject, loaded, tests, kernels);
            long peak = peakBytes();
            return new SubjectResult(subject.name(), subject.kind(loaded), loaded.headForm(), loaded.config(), loaded
                    .bytesPerToken(), subject.trits(loaded, kernels), start, peak, measurements);
        }
    }

    private List<Measurement> measurements(Subject subject, Model loaded, List<Test> tests, Kernels kernels) {
        List<Measurement> measurements = new ArrayList<>();
        long runs = (long) tests.size() * (repetitions + 1);
        try (Progress progress = Progress.of(console, "measuring " + subject.name(), Unit.of("runs"), runs)) {
            Bench bench = new Bench(loaded, kernels, EnergyMeter.ofThisMachine(), progress, kv.form(),
                    profile);
            for (Test test : tests) {
                measurements.add(bench.measure(test, repetitions));
            }
        }
        return measurements;
    }

    /// Lets Linux count the most memory held anew, where it allows that.
    private static void forgetPeak() {
        try {
            Files.writeString(Path.of("/proc/self/clear_refs"), "5");
        } catch (IOException notHere) {
            // Then the peak is that of all that was measured so far.
        }
    }

    /// The most that the process has held, as Linux counts; 0 elsewhere.
    private static long peakBytes() throws IOException {
        Path status = Path.of("/proc/self/status");
        @Nullable
        String line = Files.isReadable(status)
                ? Files.readAllLines(status).stream().filter(one -> one.startsWith("VmHWM:")).findFirst().orElse(null)
                : null;
        return line == null ? 0 : Long.parseLong(line.replaceAll("\\D", "")) * 1024;
    }
}
