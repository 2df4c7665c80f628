package org.ternlm.cli.tokenize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.ternlm.cli.output.Ink;
import org.ternlm.command.Console;
import org.ternlm.command.ExitCode;
import org.ternlm.options.ModelOption;
import org.ternlm.options.TextInput;
import org.ternlm.tokenizer.Tokenizer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `tern tokenize`.
@Command(customSynopsis = "tern tokenize [-m MODEL] [OPTIONS] \"TEXT\"", footer = {
        "  tern tokenize \"Once upon a time\"             the tokens, one a line",
        "  tern tokenize --json --file story.txt        for programs",
        "  tern tokenize --decode 403 407 261 378       back to text",
        "  tern tokenize -m FOLDER --no-special \"Hi\"    another tokenizer, without BOS"})
public final class TokenizeCommand implements Callable<Integer> {
    private static final String EXAMPLE = "tern tokenize \"Once upon a time\"";

    private final Console console;

    @Parameters(paramLabel = "TEXT", arity = "0..*", hideParamSyntax = true, description = "The text, or with --decode the ids; - or none reads the input.")
    private List<String> words = new ArrayList<>();

    @Mixin
    private ModelOption model = new ModelOption();

    @Option(names = "--file", paramLabel = "F", description = "Reads a file, every byte of it.")
    private @Nullable Path file;

    @Option(names = "--decode", description = "From ids to text: 1 2 3, or [1, 2, 3].")
    private boolean decode;

    @Option(names = "--no-special", description = "Leaves special tokens such as BOS out: adds none, and decodes none.")
    private boolean noSpecial;

    @Option(names = "--json", description = "Prints one JSON object: text, tokens, pieces.")
    private boolean json;

    /// A tokenizer that writes to `console`.
    public TokenizeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException {
        Tokenizer tokenizer = Tokenizer.load(model.path());
        Tokenization result = decode ? decoded(tokenizer) : encoded(tokenizer);
        if (json) {
            console.out().println(result.json());
        } else if (decode) {
            console.out().println(result.text());
        } else {
            result.print(console.out(), Ink.ofOutput(console));
        }
        return ExitCode.OK;
    }

    private Tokenization encoded(Tokenizer tokenizer) throws IOException {
        String text = TextInput.of(console, words, file, "text", EXAMPLE).text();
        return new Tokenization(text, tokenizer.encode(text, !noSpecial), tokenizer);
    }

    private Tokenization decoded(Tokenizer tokenizer) throws IOException {
        // Ids need no quotes: several arguments are one list.
        List<String> list = words.size() > 1 ? List.of(String.join(" ", words)) : words;
        String ids = TextInput.of(console, list, file, "list of ids", "tern tokenize --decode 403 407").text();
        int[] tokens = TokenIds.parse(ids, tokenizer);
        return new Tokenization(tokenizer.decode(tokens, noSpecial), tokens, tokenizer);
    }
}
