package org.ternlm.cli.pull;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.ternlm.cli.output.JsonText;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Interruption;
import org.ternlm.command.Unit;
import org.ternlm.hub.FileSelection;
import org.ternlm.hub.HubSettings;
import org.ternlm.hub.ModelReference;
import org.ternlm.hub.Pull;
import org.ternlm.hub.PullReport;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern pull`.
@Command(customSynopsis = "tern pull REPO[@REVISION] [OPTIONS]", footer = {
        "  tern pull microsoft/bitnet-b1.58-2B-4T     the files that a model needs",
        "  tern run -m hf:ORG/NAME \"Once\"            uses a model that was pulled",
        "  tern pull ORG/NAME@v1 --include \"*.gguf\"   a tag, and files by their names",
        "  HF_TOKEN=hf_… tern pull ORG/GATED          with an access token"})
public final class PullCommand implements Callable<Integer> {
    private final Console console;

    @Parameters(index = "0", paramLabel = "REPO[@REVISION]", description = "A repository of the hub, at a branch, tag or commit. Default: main.")
    private String repository = "";

    @Option(names = "--include", paramLabel = "GLOB", description = "Fetches the files of these names instead of those that a model needs. May be repeated.")
    private List<String> include = new ArrayList<>();

    @Option(names = "--exclude", paramLabel = "GLOB", description = "Leaves out files of these names. May be repeated.")
    private List<String> exclude = new ArrayList<>();

    @Option(names = "--json", description = "Prints one JSON object.")
    private boolean json;

    /// A pull that reports to `console`.
    public PullCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        ModelReference reference = ModelReference.parse(repository);
        long start = System.nanoTime();
        try (PullProgress progress = new PullProgress(console, "pulling " + reference)) {
            Pull pull = new Pull(HubSettings.ofProcess(), progress);
            try (Interruption interruption = Interruption.watch(pull::cancel)) {
                PullReport report = pull.run(reference, new FileSelection(include, exclude));
                progress.close();
                console.error().println(summary(report, System.nanoTime() - start));
                console.print((json ? object(report) : report.folder().toString()) + System.lineSeparator());
                return ExitCode.OK;
            } catch (InterruptedException stopped) {
                progress.close();
                console.error().println("stopped; what has arrived is kept, and the same command goes on");
                return ExitCode.INTERRUPTED;
            }
        }
    }

    private static String summary(PullReport report, long nanos) {
        String what = "%s: %d files, %s, ".formatted(report.reference(), report.files().size(),
                Unit.BYTES.amount(report.bytes()));
        if (!report.checked()) {
            return what + "as they are in the cache; the hub was not asked or did not answer";
        }
        return what + (report.downloads() == 0
                ? "all there already"
                : "%d of them fetched in %.1f s".formatted(report.downloads(), nanos / 1e9));
    }

    private static String object(PullReport report) throws IOException {
        return JsonText.object(fields -> {
            fields.writeStringField("repository", report.reference().repository().text());
            fields.writeStringField("revision", report.reference().revision());
            fields.writeStringField("commit", report.commit());
            fields.writeStringField("folder", report.folder().toString());
            fields.writeBooleanField("checked", report.checked());
            fields.writeArrayFieldStart("files");
            for (PullReport.PulledFile file : report.files()) {
                fields.writeStartObject();
                fields.writeStringField("path", file.path());
                fields.writeNumberField("bytes", file.size());
                fields.writeBooleanField("downloaded", file.downloaded());
                fields.writeEndObject();
            }
            fields.writeEndArray();
        });
    }
}
