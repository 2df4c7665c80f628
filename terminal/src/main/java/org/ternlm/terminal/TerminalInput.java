package org.ternlm.terminal;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jline.reader.Candidate;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.EOFError;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/// Messages that a person types: lines that can be edited, with the history of earlier ones.
final class TerminalInput implements MessageInput {
    private static final String PROMPT = "> ";
    private static final String NEXT_PROMPT = "… ";

    private final Terminal terminal;
    private final LineReader reader;
    private final Screen screen;
    private volatile Runnable cancel = () -> {};

    /// @param history where it is kept; empty for this run only
    TerminalInput(Screen screen, Optional<Path> history) throws IOException {
        this.screen = screen;
        terminal = TerminalBuilder.builder().system(true).nativeSignals(true).build();
        // While an answer comes; while a line is read, the reader listens itself.
        terminal.handle(Terminal.Signal.INT, _ -> cancel.run());
        LineReaderBuilder builder = LineReaderBuilder.builder().terminal(terminal).appName("tern")
                .parser(new WholeMessage()).completer((_, line, candidates) -> complete(line, candidates))
                .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
                .option(LineReader.Option.HISTORY_IGNORE_DUPS, true).option(LineReader.Option.INSERT_TAB, false)
                .variable(LineReader.SECONDARY_PROMPT_PATTERN, NEXT_PROMPT)
                .variable(LineReader.BELL_STYLE, "none");
        history.ifPresent(file -> builder.variable(LineReader.HISTORY_FILE, file));
        reader = builder.build();
    }

    @Override
    public @Nullable String next() {
        boolean interrupted = false;
        while (true) {
            try {
                return reader.readLine(PROMPT);
            } catch (EndOfFileException end) {
                return null;
            } catch (UserInterruptException ctrlC) {
                // A line that is thrown away by Ctrl-C is no wish to leave.
                if (interrupted && ctrlC.getPartialLine().isEmpty()) {
                    return null;
                }
                interrupted = ctrlC.getPartialLine().isEmpty();
                if (interrupted) {
                    screen.say("Ctrl-C once more, Ctrl-D or /exit leaves.");
                }
            }
        }
    }

    private static void complete(ParsedLine line, List<Candidate> candidates) {
        String start = line.line().substring(0, line.cursor());
        for (SlashCommand command : SlashCommand.values()) {
            if (start.startsWith("/") && command.word().startsWith(start)) {
                candidates
                        .add(new Candidate(command.word(), command.word(), null, command.summary(), null, null, true));
            }
        }
    }

    /// What is typed meanwhile appears at the next prompt, not in the middle of the answer.
    @Override
    public Watch watch(Runnable whatToCancel) {
        Attributes before = terminal.getAttributes();
        Attributes silent = new Attributes(before);
        silent.setLocalFlag(Attributes.LocalFlag.ECHO, false);
        terminal.setAttributes(silent);
        cancel = whatToCancel;
        return () -> {
            cancel = () -> {};
            terminal.setAttributes(before);
        };
    }

    @Override
    public boolean isPerson() {
        return true;
    }

    @Override
    public void close() throws IOException {
        terminal.close();
    }

    /// Lets the reader go on until a message is whole. A message is one word to it.
    private static final class WholeMessage implements Parser {
        @Override
        public ParsedLine parse(String line, int cursor, ParseContext context) {
            if (context == ParseContext.ACCEPT_LINE && !MessageText.isWhole(line)) {
                throw new EOFError(-1, cursor, "the message goes on");
            }
            return new OneWord(line, cursor);
        }

        @Override
        public boolean isEscapeChar(char c) {
            return false;
        }
    }

    private record OneWord(String line, int cursor) implements CompletingParsedLine {
        @Override
        public String word() {
            return line;
        }

        @Override
        public int wordCursor() {
            return cursor;
        }

        @Override
        public int wordIndex() {
            return 0;
        }

        @Override
        public List<String> words() {
            return List.of(line);
        }

        @Override
        public CharSequence escape(CharSequence candidate, boolean complete) {
            return candidate;
        }

        @Override
        public int rawWordCursor() {
            return cursor;
        }

        @Override
        public int rawWordLength() {
            return line.length();
        }
    }
}
