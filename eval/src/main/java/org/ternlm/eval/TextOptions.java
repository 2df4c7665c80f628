package org.ternlm.eval;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.eval.measure.TextWay;
import org.ternlm.options.ModelOption;
import org.ternlm.options.TextInput;
import picocli.CommandLine.Option;

/// Which texts are scored, and how.
final class TextOptions {
    @Option(names = "--text", paramLabel = "F", description = "Scores a text: nats a token, perplexity, bits per byte.")
    private List<Path> files = new ArrayList<>();

    @Option(names = "--split", paramLabel = "TEXT", description = "Divides texts into documents, each scored from its own beginning.")
    private @Nullable String separator;

    @Option(names = "--way", paramLabel = "NAME", description = "How a text longer than the context is scored: windows (the default) or halves (as llama.cpp).")
    private String way = TextWay.WINDOWS.label();

    @Option(names = "--context", paramLabel = "N", description = "Tokens of a window; without it, all that the model has.")
    private @Nullable Integer context;

    @Option(names = "--stride", paramLabel = "N", description = "By how many tokens windows move on; without it, half a context.")
    private @Nullable Integer stride;

    @Option(names = "--against", paramLabel = "MODEL", description = "Compares with a model of the same vocabulary: KL divergence, same top token.")
    private @Nullable String against;

    /// One text.
    ///
    /// @param name what it is called
    /// @param documents its parts
    /// @param bytes of all of them in UTF-8
    record Text(String name, List<String> documents, long bytes) {}

    /// How all texts are scored; the numbers that the user left out are null.
    record Texts(List<Text> texts, TextWay way, @Nullable Integer context, @Nullable Integer stride) {}

    boolean areGiven() {
        return !files.isEmpty();
    }

    /// Where the model lies that is compared with, or null.
    @Nullable
    Path reference() {
        if (against != null && files.isEmpty()) {
            throw new CommandException("--against needs a text", "--text FILE");
        }
        return against == null ? null : ModelOption.located(against);
    }

    Texts read() throws IOException {
        TextWay named = TextWay.named(way);
        if (named == TextWay.HALVES && stride != null) {
            throw new CommandException("--stride belongs to --way windows");
        }
        List<Text> texts = new ArrayList<>();
        for (Path file : files) {
            if (!Files.isRegularFile(file)) {
                throw new CommandException("no such file: " + file);
            }
            texts.add(text(file));
        }
        return new Texts(texts, named, context, stride);
    }

    private Text text(Path file) throws IOException {
        String whole = TextInput.read(file);
        List<String> documents = new ArrayList<>();
        if (separator == null) {
            documents.add(whole);
        } else if (separator.isEmpty()) {
            throw new CommandException("--split: expected a text, found none");
        } else {
            for (String part : whole.split(Pattern.quote(separator))) {
                if (!part.isBlank()) {
                    documents.add(part.strip());
                }
            }
        }
        long bytes = documents.stream().mapToLong(document -> document.getBytes(
                StandardCharsets.UTF_8).length).sum();
        return new Text(file.getFileName().toString(), documents, bytes);
    }
}
