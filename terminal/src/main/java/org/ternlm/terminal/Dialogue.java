package org.ternlm.terminal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.chat.ChatTemplateException;
import org.ternlm.command.CommandException;
import org.ternlm.command.ExitCode;
import org.ternlm.format.ModelFormatException;
import org.ternlm.generate.FinishReason;
import org.ternlm.generate.GenerationStats;
import org.ternlm.generate.Session;

/// Messages in, answers out, until there are no more. Used by one thread.
final class Dialogue {
    private final MessageInput input;
    private final Screen screen;
    private final Session session;
    private final Conversation conversation;
    private final String model;
    private final boolean tellsStats;
    private Conversation.@Nullable Answer last;

    /// @param model what it is called in saved conversations
    /// @param tellsStats whether each answer's numbers are told
    Dialogue(MessageInput input, Screen screen, Session session, Conversation conversation, String model,
            boolean tellsStats) {
        this.input = input;
        this.screen = screen;
        this.session = session;
        this.conversation = conversation;
        this.model = model;
        this.tellsStats = tellsStats;
    }

    /// @return an [ExitCode]
    int run() throws IOException {
        for (String raw = input.next(); raw != null; raw = input.next()) {
            try {
                if (isCommand(raw)) {
                    if (!execute(raw.strip())) {
                        return ExitCode.OK;
                    }
                } else if (!converse(MessageText.of(raw.startsWith("//") ? raw.substring(1) : raw))) {
                    return ExitCode.INTERRUPTED;
                }
            } catch (ChatTemplateException e) {
                complain(new CommandException(String.valueOf(e.getMessage()), null, e));
            } catch (CommandException | ModelFormatException e) {
                complain(e);
            }
        }
        return ExitCode.OK;
    }

    /// A person is told and goes on; a script ends.
    private void complain(RuntimeException problem) {
        if (!input.isPerson()) {
            throw problem;
        }
        String hint = problem instanceof CommandException command && command.hint() != null
                ? " (" + command.hint() + ")"
                : "";
        screen.say(problem.getMessage() + hint);
    }

    private static boolean isCommand(String raw) {
        return raw.startsWith("/") && !raw.startsWith("//");
    }

    /// False if Ctrl-C is to end the program.
    private boolean converse(String text) {
        if (text.isBlank() && !conversation.canContinue()) {
            return true;
        }
        screen.startAnswer(conversation.continuesTexts());
        Consumer<String> show = screen::show;
        Conversation.Answer answer;
        try (MessageInput.Watch watch = input.watch(session::cancel)) {
            answer = text.isBlank() ? conversation.goOn(show) : conversation.answer(text, show);
        }
        screen.endAnswer();
        last = answer;
        tell(answer);
        if (input.isPerson()) {
            screen.say("");
        }
        return input.isPerson() || answer.generation().reason() != FinishReason.CANCELLED;
    }

    private void tell(Conversation.Answer answer) {
        Conversation.Forgotten forgotten = answer.forgotten();
        if (forgotten.turns() > 0) {
            screen.say("The context is full: forgot the oldest %s.".formatted(
                    forgotten.turns() == 1 ? "turn" : forgotten.turns() + " turns"));
        }
        if (forgotten.characters() > 0) {
            screen.say("The context is full: forgot the first %,d characters.".formatted(forgotten.characters()));
        }
        switch (answer.generation().reason()) {
            case LENGTH -> screen.say("Cut after %,d tokens (-n).%s".formatted(answer.generation().tokens().length,
                    conversation.canContinue() ? " An empty line goes on." : ""));
            case CONTEXT -> screen.say("Cut: the context is full."
                    + (conversation.canContinue() ? " An empty line goes on." : ""));
            case CANCELLED -> screen.say("Stopped.");
            case STOP, MASK -> {
            }
        }
        if (tellsStats) {
            screen.say(stats());
        }
    }

    /// False if it ends the conversation.
    private boolean execute(String line) {
        String[] words = line.split("\\s+", 2);
        String argument = words.length > 1 ? MessageText.of(words[1]) : "";
        Optional<SlashCommand> command = SlashCommand.named(words[0]);
        if (command.isEmpty()) {
            throw new CommandException("%s: no such command".formatted(words[0]),
                    "/help lists them; a message that begins with / is written with //");
        }
        switch (command.get()) {
            case SYSTEM -> system(argument);
            case RESET -> {
                conversation.reset();
                screen.say("Forgotten.");
            }
            case SAVE -> save(path(argument, command.get()));
            case LOAD -> load(path(argument, command.get()));
            case STATS -> screen.say(stats());
            case HELP -> help();
            case EXIT -> {
                return false;
            }
        }
        return true;
    }

    private void system(String text) {
        if (!text.isEmpty()) {
            conversation.setSystem(text.equals("-") ? null : text);
        }
        screen.say(
                conversation.system().map(system -> "The system says: " + system).orElse("The system says nothing."));
    }

    private static Path path(String argument, SlashCommand command) {
        if (argument.isBlank()) {
            throw new CommandException(command.word() + ": expected a file");
        }
        try {
            return argument.startsWith("~/")
                    ? Path.of(System.getProperty("user.home"), argument.substring(2))
                    : Path.of(argument.strip());
        } catch (InvalidPathException e) {
            throw new CommandException(command.word() + ": no name of a file: " + argument, null, e);
        }
    }

    private void save(Path file) {
        try {
            ConversationFile.save(file, model, conversation.messages());
        } catch (IOException e) {
            String reason = switch (e) {
                case NoSuchFileException _ -> "no such folder";
                case AccessDeniedException _ -> "permission denied";
                default -> String.valueOf(e.getMessage());
            };
            throw new CommandException(file + ": cannot be written: " + reason, null, e);
        }
        screen.say("Saved %s to %s.".formatted(count(conversation.messages().size()), file));
    }

    private void load(Path file) {
        conversation.replace(ConversationFile.load(file));
        screen.say("Goes on with %s from %s.".formatted(count(conversation.messages().size()), file));
    }

    private static String count(int messages) {
        return messages == 1 ? "1 message" : "%,d messages".formatted(messages);
    }

    private void help() {
        Arrays.stream(SlashCommand.values()).map(SlashCommand::line).forEach(screen::say);
        screen.say("A line that ends in \\ goes on in the next; a text between \"\"\" and \"\"\" may have many.");
        screen.say("Ctrl-C stops an answer.");
    }

    private String stats() {
        if (last == null) {
            return "No answer yet.";
        }
        GenerationStats stats = last.generation().stats();
        return "prompt %,d tokens (%,d reused)%s; first token after %,.0f ms; answer %,d tokens%s, ended by %s; context %,d"
                .formatted(stats.promptTokens(), stats.reusedTokens(), rate(stats.promptTokensPerSecond()),
                        stats.firstTokenNanos() / 1e6, stats.generatedTokens(),
                        rate(stats.generatedTokensPerSecond()), last.generation().reason().jsonName(),
                        session.length())
                + " tokens" + conversation.seed().map(seed -> "; --seed " + seed).orElse("");
    }

    private static String rate(double perSecond) {
        return perSecond == 0 ? "" : (perSecond < 100 ? ", %.1f/s" : ", %,.0f/s").formatted(perSecond);
    }
}
