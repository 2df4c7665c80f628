package org.ternlm.server;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.command.Interruption;
import org.ternlm.command.Unit;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Tern;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.ThreadsOption;
import org.ternlm.server.http.Access;
import org.ternlm.server.http.Json;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `tern serve`.
@Command(customSynopsis = "tern serve [-m MODEL] [OPTIONS]", footer = {
        "  tern serve                            the model that tern brings along",
        "  tern serve -m model.gguf --port 0 --json   on any free port, for programs",
        "  tern serve -m FOLDER --parallel 32 --kv bf16   for many at once",
        "  tern serve --host 0.0.0.0 --api-key-file key   for other machines",
        "  curl http://127.0.0.1:8080/v1/completions \\",
        "    -H 'Content-Type: application/json' -d '{\"prompt\": \"Once upon a time\"}'"})
public final class ServeCommand implements Callable<Integer> {
    /// For what has to happen beside answers that come to their end.
    private static final Duration LEEWAY = Duration.ofSeconds(10);

    private final Console console;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--host", paramLabel = "ADDRESS", defaultValue = "127.0.0.1", description = "Listens on this address. Default: ${DEFAULT-VALUE}, which only this machine reaches.")
    private String host = "";

    @Option(names = "--port", paramLabel = "N", defaultValue = "8080", description = "Listens on this port; 0: any that is free. Default: ${DEFAULT-VALUE}.")
    private int port;

    @Option(names = "--model-name", paramLabel = "NAME", description = "What requests call the model; its folder's or file's name by default.")
    private @Nullable String modelName;

    @Option(names = "--parallel", paramLabel = "N", defaultValue = "16", description = "Computes N sequences at once. Default: ${DEFAULT-VALUE}.")
    private int parallel;

    @Option(names = "--queue", paramLabel = "N", defaultValue = "64", description = "Lets N more requests wait; others are told to come back. Default: ${DEFAULT-VALUE}.")
    private int queue;

    @Option(names = "--context", paramLabel = "N", defaultValue = "0", description = "Most tokens of a prompt and its answer; all that the model has by default.")
    private int context;

    @Option(names = "--cache-size", paramLabel = "SIZE", description = "Most memory for keys and values, such as 2G; a quarter of the heap by default.")
    private @Nullable String cacheSize;

    @Mixin
    private KvOption kv = new KvOption();

    @Mixin
    private HeadOption head = new HeadOption();

    @Mixin
    private NativeOption nativeLibrary = new NativeOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--time-limit", paramLabel = "SECONDS", defaultValue = "600", description = "The longest that a request may take. Default: ${DEFAULT-VALUE}.")
    private int timeLimit;

    @Option(names = "--drain", paramLabel = "SECONDS", defaultValue = "5", description = "At Ctrl-C, waits so long for answers under way. Default: ${DEFAULT-VALUE}.")
    private int drain;

    @Option(names = "--json", description = "Prints one JSON object on standard output once it is ready.")
    private boolean json;

    @ArgGroup(validate = false, heading = "%n@|bold Who may ask:|@%n")
    private Security security = new Security();

    @Spec
    private @Nullable CommandSpec spec;

    /// A server that reports to `console`.
    public ServeCommand(Console console) {
        this.console = console;
    }

    /// Who may ask.
    static final class Security {
        @Option(names = "--api-key", paramLabel = "KEY", description = "Requests have to bring this key; better by the next one or TERN_API_KEY, since others see command lines.")
        private @Nullable String key;

        @Option(names = "--api-key-file", paramLabel = "FILE", description = "Reads the key from a file.")
        private @Nullable Path keyFile;

        @Option(names = "--insecure", description = "Serves other machines without a key.")
        private boolean insecure;

        @Option(names = "--allow-host", paramLabel = "NAME", description = "Answers to this name too, besides addresses and localhost. May be repeated.")
        private List<String> hostNames = new ArrayList<>();

        @Option(names = "--cors", paramLabel = "ORIGIN", description = "Lets web pages of this origin ask, such as https://example.org.")
        private @Nullable String corsOrigin;

        @Option(names = "--max-body", paramLabel = "SIZE", defaultValue = "1M", description = "The largest request. Default: ${DEFAULT-VALUE}.")
        private String maxBody = "";
    }

    @Override
    public Integer call() {
        ServerOptions options = options();
        CountDownLatch stop = new CountDownLatch(1);
        try (Interruption interruption = Interruption.watch(stop::countDown, options.drainLimit().plus(LEEWAY));
                Tern tern = Tern.open(model.path(), new OpenOptions(threads.count(), head.form(),
                        nativeLibrary.choice()));
                TernServer server = start(tern, options)) {
            announce(server);
            stop.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return ExitCode.INTERRUPTED;
    }

    private ServerOptions options() {
        if (host.isBlank()) {
            throw new CommandException("--host: expected an address, found none");
        }
        if (timeLimit < 1 || drain < 0) {
            throw new CommandException("--time-limit and --drain: expected at least 1 and 0 seconds, found %d and %d"
                    .formatted(timeLimit, drain));
        }
        String key = ApiKeys.find(security.key, security.keyFile, System.getenv());
        ServerOptions options = ServerOptions.usual().withHost(host).withPort(port).withModelName(modelName)
                .withSequences(parallel).withQueue(queue).withContextLength(context).withForm(kv.form())
                .withInsecure(security.insecure).withHostNames(new HashSet<>(security.hostNames))
                .withCorsOrigin(security.corsOrigin).withTimeLimit(Duration.ofSeconds(timeLimit))
                .withDrainLimit(Duration.ofSeconds(drain))
                .withMaxBodyBytes((int) Sizes.parse("--max-body", security.maxBody, 1 << 30));
        options = cacheSize == null
                ? options
                : options.withCacheBytes(Sizes.parse("--cache-size", cacheSize, Long.MAX_VALUE));
        return checked(key == null ? options : options.withApiKey(key));
    }

    private static ServerOptions checked(ServerOptions options) {
        String problem;
        try {
            problem = options.securityProblem();
        } catch (IllegalArgumentException e) {
            throw new CommandException("--host: " + e.getMessage(), null, e);
        }
        if (problem != null) {
            throw new CommandException(problem, "--api-key-file FILE takes one, --insecure does without");
        }
        return options;
    }

    private TernServer start(Tern tern, ServerOptions options) {
        try {
            return TernServer.start(tern, options, isVerbose() ? log() : access -> {});
        } catch (UncheckedIOException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new CommandException("cannot listen on %s, port %d: %s".formatted(host, port, reason.getMessage()),
                    "--port 0 takes any port that is free", e);
        } catch (IllegalArgumentException e) {
            throw new CommandException(String.valueOf(e.getMessage()), null, e);
        }
    }

    private boolean isVerbose() {
        OptionSpec verbose = spec == null ? null : spec.findOption("--verbose");
        return verbose != null && Boolean.TRUE.equals(verbose.getValue());
    }

    private Consumer<Access> log() {
        return access -> {
            console.error().println(String.format(Locale.ROOT, "%s %s %d, %s, %.3f s, %s", access.method(),
                    printable(access.path()), access.status(), Unit.of("tokens").amount(access.tokens()),
                    access.time().toNanos() / 1e9, access.id()));
            console.error().flush();
        };
    }

    /// What a client sent must not command the terminal.
    private static String printable(String text) {
        return text.chars().limit(200).collect(StringBuilder::new,
                (line, character) -> line.append(character > ' ' && character < 0x7F ? (char) character : '?'),
                StringBuilder::append).toString();
    }

    private void announce(TernServer server) {
        if (json) {
            console.print(Json.object().put("url", server.url()).put("port", server.port()).put("model",
                    server.modelName()) + System.lineSeparator());
        } else {
            console.error().println("tern: %s at %s (a page for browsers; the API is at %s/v1; Ctrl-C stops)".formatted(
                    server.modelName(), server.url(), server.url()));
            console.error().flush();
        }
    }
}
