package org.ternlm.cli.verify;

import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.generate.Perplexity;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;
import org.ternlm.hub.Checksum;

/// Compares one known model with what is known of it.
///
/// @param model what is known
/// @param path where it lies: a folder or a GGUF file
/// @param text to score, if there is one here
/// @param threads that compute
/// @param console shows progress
record Verification(KnownModel model, Path path, @Nullable Path text, int threads, Console console) {
    private static final int BUFFER_BYTES = 1 << 20;

    List<Check> checks() throws IOException {
        List<Check> checks = new ArrayList<>();
        checks.add(hash());
        checks.add(perplexity());
        return checks;
    }

    private Check hash() throws IOException {
        Path file = Files.isDirectory(path) ? path.resolve(model.file()) : path;
        MessageDigest digest = new Checksum.Sha256(model.sha256()).start();
        try (InputStream in = Files.newInputStream(file);
                Progress progress = Progress.of(console, "hashing", Unit.BYTES, Files.size(file))) {
            byte[] buffer = new byte[BUFFER_BYTES];
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                digest.update(buffer, 0, count);
                progress.advance(count);
            }
        }
        String found = HexFormat.of().formatHex(digest.digest());
        boolean right = found.equals(model.sha256());
        return Check.of("hash", right, right
                ? "SHA-256 of %s is %s…".formatted(model.file(), found.substring(0, 12))
                : "SHA-256 of %s: expected %s, found %s".formatted(file, model.sha256(), found));
    }

    private Check perplexity() throws IOException {
        if (text == null) {
            return Check.notRun("perplexity", "give WikiText-2's test set by --text wiki.test.raw; expected %.3f (%s)"
                    .formatted(model.perplexity(), model.source()));
        }
        Perplexity found = new Perplexity();
        try (Tern tern = Tern.open(path, threads)) {
            if (model.context() == 0) {
                scoreLines(tern.scorer(), text, found);
            } else {
                scoreText(tern, text, found);
            }
        }
        return Check.of("perplexity", Math.abs(found.value() - model.perplexity()) <= model.within(),
                String.format(Locale.ROOT, "expected %.4f ± %.4f (%s), found %.4f over %,d tokens",
                        model.perplexity(), model.within(), model.source(), found.value(), found.tokens()));
    }

    private void scoreLines(Scorer scorer, Path lines, Perplexity found) throws IOException {
        JsonMapper json = new JsonMapper();
        try (BufferedReader reader = Files.newBufferedReader(lines);
                Progress progress = Progress.withoutEnd(console, "scoring", Unit.of("tokens"))) {
            for (String line = reader.readLine(); line != null; line = reader.readLine()) {
                int[] tokens = json.convertValue(json.readTree(line).path("tokens"), int[].class);
                found.add(scorer.score(tokens, 1));
                progress.advance(tokens.length);
            }
        }
    }

    private void scoreText(Tern tern, Path file, Perplexity found) throws IOException {
        int[] tokens = tern.tokenizer().encode(Files.readString(file), true);
        try (Progress progress = Progress.of(console, "scoring", Unit.of("tokens"), tokens.length)) {
            tern.scorer(model.context()).scoreSecondHalves(tokens, tern.bosId(), score -> {
                found.add(score);
                progress.advance(model.context());
            });
        } catch (IllegalArgumentException tooShort) {
            throw new CommandException(file + ": " + tooShort.getMessage());
        }
    }
}
