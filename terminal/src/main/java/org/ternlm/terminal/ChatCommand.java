package org.ternlm.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatFormat;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.options.HeadOption;
import org.ternlm.options.KvOption;
import org.ternlm.options.ModelOption;
import org.ternlm.options.NativeOption;
import org.ternlm.options.SamplingOptions;
import org.ternlm.options.ThreadsOption;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// `tern chat`.
@Command(customSynopsis = "tern chat [-m MODEL] [OPTIONS]", footer = {
        "  tern chat                             the model that tern brings along",
        "  tern chat -m FOLDER --system \"Be brief.\"   another model",
        "  tern chat -m FOLDER < questions.txt   a message a line, answers in turn",
        "  /help                                 while talking: what it understands"})
public final class ChatCommand implements Callable<Integer> {
    private final Console console;

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--system", paramLabel = "TEXT", description = "What the model is told before everything.")
    private @Nullable String system;

    @Option(names = {"-n",
            "--max-tokens"}, paramLabel = "N", defaultValue = "512", description = "Answers have at most N tokens. Default: ${DEFAULT-VALUE}.")
    private int maxTokens;

    @Option(names = "--stop", paramLabel = "TEXT", description = "Ends an answer before this text. May be repeated.")
    private List<String> stop = new ArrayList<>();

    @Option(names = "--context", paramLabel = "N", description = "Uses a shorter context than the model has.")
    private @Nullable Integer context;

    @Mixin
    private KvOption kv = new KvOption();

    @Mixin
    private HeadOption head = new HeadOption();

    @Mixin
    private NativeOption nativeLibrary = new NativeOption();

    @Mixin
    private ThreadsOption threads = new ThreadsOption();

    @Option(names = "--stats", description = "Tells on the error stream what each answer took.")
    private boolean stats;

    @ArgGroup(validate = false, heading = "%n@|bold Sampling:|@%n")
    private SamplingOptions samplingOptions = new SamplingOptions();

    /// A conversation on `console`.
    public ChatCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        kv.form();
        Sampling sampling = samplingOptions.sampling();
        if (maxTokens < 1) {
            throw new CommandException("max tokens: expected at least 1, found " + maxTokens);
        }
        if (stop.stream().anyMatch(String::isEmpty)) {
            throw new CommandException("--stop: expected a text, found none");
        }
        Path path = model.path();
        try (Tern tern = Tern.open(path, new OpenOptions(threads.count(), head.form(), nativeLibrary.choice()))) {
            samplingOptions.checkTokens(tern.config().vocabularySize());
            return converse(tern, new Conversation.Settings(maxTokens, sampling, stop));
        }
    }

    private int converse(Tern tern, Conversation.Settings settings) throws IOException {
        ChatFormat format = ChatFormat.of(tern);
        int contextLength = context == null ? tern.config().contextLength() : context;
        String name = tern.name();
        Screen screen = new Screen(console);
        try (Session session = tern.session(contextLength, kv.form()); MessageInput input = input(screen)) {
            Conversation conversation = new Conversation(format, session, contextLength, settings);
            conversation.setSystem(system);
            greet(screen, input.isPerson(), format.isOfModel(), name, contextLength);
            return new Dialogue(input, screen, session, conversation, name, stats).run();
        }
    }

    private static void greet(Screen screen, boolean isPerson, boolean hasTemplate, String name, int contextLength) {
        if (isPerson) {
            screen.say("%s, %,d tokens of context; /help helps, Ctrl-D leaves".formatted(name, contextLength));
        }
        if (!hasTemplate) {
            screen.say(isPerson
                    ? "It has no chat template and continues texts; an empty line goes on"
                    : name + " has no chat template: it continues texts");
        }
    }

    private MessageInput input(Screen screen) throws IOException {
        if (!console.inputIsTerminal() || !console.outputIsTerminal()) {
            return new PipeInput(console);
        }
        return new TerminalInput(screen, history(screen));
    }

    private static Optional<Path> history(Screen screen) {
        try {
            return Optional.of(StateFolder.of(System.getenv(), Path.of(System.getProperty("user.home"))).history());
        } catch (IOException e) {
            screen.say("What you type is not remembered: " + e);
            return Optional.empty();
        }
    }
}
