package org.ternlm.eval;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.eval.report.ResultJson;
import org.ternlm.eval.report.ResultTables;
import org.ternlm.eval.report.Results;
import org.ternlm.eval.task.EvaluationData;
import org.ternlm.eval.task.Selection;
import org.ternlm.eval.task.Style;
import org.ternlm.generate.OpenOptions;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern eval`.
@Command(customSynopsis = "tern eval [MODEL…] [--tasks LIST] [--text F] [OPTIONS]", footer = {
        "  tern eval --tasks paper --data DIR               the seven tasks of the paper",
        "  tern eval A.gguf B.gguf --tasks arc_easy,piqa    two models side by side",
        "  tern eval --tasks hellaswag --style olmes --shots 5",
        "  tern eval --text valid.txt --split '<|endoftext|>'",
        "  tern eval B.gguf --against A.gguf --text F       how far B is from A",
        "  tern eval --show-prompts piqa                    what is asked, to the letter",
        "", "Tasks: arc_easy, arc_challenge, hellaswag, boolq, openbookqa, piqa, winogrande",
        "(together: paper), lambada, sciq, blimp, blimp:FILE; NAME=FILE names the data."})
public final class EvalCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "MODEL", arity = "0..*", hideParamSyntax = true, description = "Hugging Face folders, .gguf files, or models that tern pull has fetched; without any, the small model that tern brings along.")
    private List<String> models = new ArrayList<>();

    @Option(names = {"-m", "--model"}, paramLabel = "MODEL", description = "The same as naming the model without this.")
    private List<String> moreModels = new ArrayList<>();

    @Option(names = "--tasks", paramLabel = "LIST", description = "Tasks to ask, divided by commas.")
    private @Nullable String tasks;

    @Option(names = "--data", paramLabel = "DIR", description = "The folder of evaluation data, with full/, olmes/ and blimp/; without it, that of the variable TERN_DATA.")
    private @Nullable Path data;

    @Option(names = "--style", paramLabel = "NAME", description = "How tasks are worded: harness (as lm-evaluation-harness, the default) or olmes.")
    private String style = Style.HARNESS.label();

    @Option(names = "--shots", paramLabel = "N", description = "Examples before each question; without it, none.")
    private int shots;

    @Option(names = "--shots-file", paramLabel = "TASK=F", description = "Items to take examples from, the first N.")
    private List<String> shotFiles = new ArrayList<>();

    @Option(names = "--limit", paramLabel = "N", description = "Asks the first N items of each task only.")
    private @Nullable Integer limit;

    @Option(names = "--unconditional", description = "Also scores answers without their questions (olmes does always).")
    private boolean unconditional;

    @Option(names = "--show-prompts", paramLabel = "TASK", description = "Prints what is asked of the first items instead of asking it.")
    private @Nullable String shown;

    @Mixin
    private TextOptions texts = new TextOptions();

    @Option(names = "--items", paramLabel = "F", description = "Writes a JSON line for each item.")
    private @Nullable Path itemFile;

    @Option(names = "--resume", description = "Takes what the file of --items holds already, and asks the rest.")
    private boolean resume;

    @Option(names = "--out", paramLabel = "STEM", description = "Writes STEM.json and STEM.md as well, after each model.")
    private @Nullable Path out;

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    @Option(names = "--markdown", description = "Prints tables in Markdown.")
    private boolean markdown;

    @Mixin
    private KvOption kv = new KvOption();

    @Mixin
    private HeadOption head = new HeadOption();

    @Mixin
    private NativeOption nativeLibrary = new NativeOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    /// A command that reports to `console`.
    public EvalCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Style wording = Style.named(style);
        check();
        EvaluationData source = data == null ? EvaluationData.ofProcess() : new EvaluationData(data);
        Questions questions = new Questions(source, wording, shots, shotFiles, limit);
        if (shown != null) {
            questions.show(Selection.one(shown), console);
            return ExitCode.OK;
        }
        if (tasks == null && !texts.areGiven()) {
            throw new CommandException("nothing to measure", "--tasks paper, or --text FILE");
        }
        List<Questions.Asked> asked = tasks == null ? List.of() : questions.all(Selection.parse(tasks));
        Evaluation evaluation = new Evaluation(console, wording, asked, texts.read(), options());
        Results.Setup setup = new Results.Setup(wording, shots, limit);
        List<Results> last = new ArrayList<>();
        try (ItemJournal journal = new ItemJournal(itemFile, resume)) {
            evaluation.run(paths(), journal, measured -> {
                last.add(new Results(setup, measured));
                write(last.getLast());
            });
        }
        print(last.getLast());
        return ExitCode.OK;
    }

    /// Before anything is read: whoever waits for hours should not learn of a mistake then.
    private void check() {
        if (shots < 0 || shots > 100) {
            throw new CommandException("--shots: expected 0 to 100, found " + shots);
        }
        if (resume && itemFile == null) {
            throw new CommandException("--resume goes on from the file of --items, which is not given");
        }
        Path folder = out == null ? null : out.toAbsolutePath().getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new CommandException("--out: no such folder: " + folder);
        }
        if (limit != null && limit < 1) {
            throw new CommandException("--limit: expected at least 1, found " + limit);
        }
    }

    private Evaluation.Options options() {
        return new Evaluation.Options(new OpenOptions(threads.count(), head.form(), nativeLibrary.choice()), kv.form(),
                unconditional || style.equals(Style.OLMES.label()), texts.reference());
    }

    private List<Path> paths() {
        List<String> named = new ArrayList<>(models);
        named.addAll(moreModels);
        return named.isEmpty()
                ? List.of(new ModelOption().path())
                : named.stream().map(ModelOption::located).toList();
    }

    private void print(Results results) {
        if (json) {
            console.out().println(ResultJson.of(results));
        } else {
            ResultTables.lines(results, markdown).forEach(console.out()::println);
        }
        console.out().flush();
    }

    /// After each model, so that a long run leaves what it has.
    private void write(Results results) {
        if (out == null) {
            return;
        }
        write(".json", ResultJson.of(results));
        write(".md", String.join("\n", ResultTables.lines(results, true)));
    }

    private void write(String suffix, String text) {
        Path file = Path.of(out + suffix);
        try {
            Files.writeString(file, text + "\n");
        } catch (IOException e) {
            throw new CommandException("%s: cannot be written: %s".formatted(file, e.getMessage()), null, e);
        }
    }
}
