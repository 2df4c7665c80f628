package org.ternlm.cli.verify;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.ternlm.cli.output.Ink;
import org.ternlm.cli.output.JsonText;
import org.ternlm.cli.verify.Check.Outcome;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.hub.HubException;
import org.ternlm.options.ModelOption;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern verify`.
@Command(customSynopsis = "tern verify [NAME…] [OPTIONS]", footer = {
        "  tern verify                                      every known model that is here",
        "  tern verify 2b4t --text wiki.test.raw            BitNet b1.58 2B4T on WikiText-2",
        "  tern verify 2b4t -m FILE.gguf                    one that lies somewhere else",
        "", "The result is a failure if a comparison fails, or if one that was asked for by",
        "name could not be run."})
public final class VerifyCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(paramLabel = "NAME", arity = "0..*", hideParamSyntax = true, description = "Known models: stories-3M, stories-1M, stories-260K, 2b4t.")
    private List<String> names = new ArrayList<>();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--text", paramLabel = "F", description = "WikiText-2's test set as it is published, for models that are measured with it.")
    private @Nullable Path text;

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    /// A command that reports to `console`.
    public VerifyCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        List<KnownModel> models = models();
        if (model.isGiven() && models.size() != 1) {
            throw new CommandException("-m needs the name of the one known model that it is", "tern verify 2b4t -m F");
        }
        if (text != null && !Files.isRegularFile(text)) {
            throw new CommandException("no such file: " + text);
        }
        Map<KnownModel, List<Check>> results = new LinkedHashMap<>();
        for (KnownModel known : models) {
            results.put(known, checks(known));
            if (!json) {
                print(known, results.get(known));
            }
        }
        if (json) {
            console.out().println(object(results));
        }
        boolean named = !names.isEmpty();
        boolean bad = results.values().stream().flatMap(List::stream).anyMatch(
                check -> check.outcome() == Outcome.FAILED || named && check.outcome() == Outcome.NOT_RUN);
        return bad ? ExitCode.FAILED : ExitCode.OK;
    }

    private List<KnownModel> models() {
        Map<String, KnownModel> known = KnownModel.all().stream()
                .collect(Collectors.toMap(one -> one.name().toLowerCase(Locale.ROOT), one -> one, (a, b) -> a,
                        LinkedHashMap::new));
        if (names.isEmpty()) {
            return List.copyOf(known.values());
        }
        List<KnownModel> asked = new ArrayList<>();
        for (String name : names) {
            KnownModel one = known.get(name.toLowerCase(Locale.ROOT));
            if (one == null) {
                throw new CommandException("no known model is called " + name, "known are "
                        + KnownModel.all().stream().map(KnownModel::name).collect(Collectors.joining(", ")));
            }
            asked.add(one);
        }
        return asked;
    }

    private List<Check> checks(KnownModel known) throws IOException {
        Path path;
        try {
            path = model.isGiven() ? model.path() : place(known);
        } catch (HubException missing) {
            return List.of(Check.notRun("weights", missing.getMessage() + "; tern pull " + known.hub()));
        }
        if (!Files.exists(path)) {
            return List.of(Check.notRun("weights", "they come with the sources of tern: no " + path));
        }
        return new Verification(known, path, text(known), threads.count(), console).checks();
    }

    private @Nullable Path text(KnownModel known) {
        if (known.text() == null) {
            return text;
        }
        Path lines = home().resolve(known.text());
        return Files.exists(lines) ? lines : null;
    }

    private static Path place(KnownModel known) {
        if (known.hub() == null) {
            return home().resolve(String.valueOf(known.path()));
        }
        ModelOption cached = new ModelOption();
        cached.use("hf:" + known.hub());
        return cached.path();
    }

    private static Path home() {
        return Path.of(System.getProperty("tern.home", "."));
    }

    private void print(KnownModel known, List<Check> checks) {
        Ink ink = Ink.ofOutput(console);
        console.out().println(ink.bold(known.name()) + "  " + known.about());
        for (Check check : checks) {
            String outcome = switch (check.outcome()) {
                case PASSED -> check.outcome().text();
                case FAILED -> ink.red(check.outcome().text());
                case NOT_RUN -> ink.yellow(check.outcome().text());
            };
            console.out().println("  %-11s %s: %s".formatted(check.what(), outcome, check.detail()));
        }
    }

    private static String object(Map<KnownModel, List<Check>> results) throws IOException {
        return JsonText.object(fields -> {
            for (Map.Entry<KnownModel, List<Check>> result : results.entrySet()) {
                fields.writeObjectFieldStart(result.getKey().name());
                for (Check check : result.getValue()) {
                    fields.writeObjectFieldStart(check.what());
                    fields.writeStringField("outcome", check.outcome().name().toLowerCase(Locale.ROOT));
                    fields.writeStringField("detail", check.detail());
                    fields.writeEndObject();
                }
                fields.writeEndObject();
            }
        });
    }
}
