package org.ternlm.compare.step;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import org.ternlm.compare.config.Experiment;
import org.ternlm.compare.config.Texts;
import org.ternlm.format.AtomicFile;

/// The texts of a comparison: what is kept apart for scoring, and of that the documents that every model scores.
///
/// @param experiment whose texts they are
record DocumentSplit(Experiment experiment) {
    private static final JsonMapper JSON = new JsonMapper();

    static Path training(Experiment experiment) {
        return experiment.folder().resolve("data/train.txt");
    }

    static Path validation(Experiment experiment) {
        return experiment.folder().resolve("data/valid.txt");
    }

    /// The documents to score, as `tern score` reads them.
    static Path scored(Experiment experiment) {
        return experiment.folder().resolve("data/documents.jsonl");
    }

    /// Plain text of the scored documents.
    static Path scoredText(Experiment experiment) {
        return experiment.folder().resolve("data/documents.txt");
    }

    /// Writes the files.
    ///
    /// @return `bytes`: of each scored document
    ObjectNode write() throws IOException {
        Texts texts = experiment.texts();
        Files.createDirectories(training(experiment).resolveSibling(""));
        List<String> held = texts.validation().isEmpty()
                ? split(texts)
                : documents(texts.validation(), texts
                        .separator());
        List<String> scored = some(held, texts.documents());
        if (scored.size() < 2) {
            throw new StepFailedException("expected at least two documents to score, found " + scored.size());
        }
        List<String> lines = new ArrayList<>();
        ArrayNode bytes = JsonNodeFactory.instance.arrayNode();
        for (String document : scored) {
            lines.add(JSON.writeValueAsString(JsonNodeFactory.instance.objectNode().put("text", document)));
            bytes.add(document.getBytes(StandardCharsets.UTF_8).length);
        }
        write(scored(experiment), String.join("\n", lines) + "\n");
        write(scoredText(experiment), String.join("\n\n", scored) + "\n");
        ObjectNode values = JsonNodeFactory.instance.objectNode();
        values.put("held_documents", held.size());
        values.set("bytes", bytes);
        return values;
    }

    /// Every n-th document is kept apart.
    private List<String> split(Texts texts) throws IOException {
        List<String> learnt = new ArrayList<>();
        List<String> held = new ArrayList<>();
        List<String> all = documents(texts.sources(), texts.separator());
        if (texts.first() > 0 && texts.first() < all.size()) {
            all = all.subList(0, texts.first());
        }
        int every = (int) Math.round(1 / texts.share());
        for (int i = 0; i < all.size(); i++) {
            (i % every == every - 1 ? held : learnt).add(all.get(i));
        }
        write(training(experiment), String.join(texts.separator(), learnt));
        write(validation(experiment), String.join(texts.separator(), held));
        return held;
    }

    private static void write(Path file, String text) throws IOException {
        AtomicFile.write(file, aside -> Files.writeString(aside, text));
    }

    private static List<String> documents(List<Path> files, String separator) throws IOException {
        List<String> documents = new ArrayList<>();
        for (Path file : files) {
            String text = new String(bytes(file), StandardCharsets.UTF_8);
            String[] parts = separator.isEmpty()
                    ? new String[] {text}
                    : text.split(Pattern.quote(separator));
            Arrays.stream(parts).map(String::strip).filter(part -> !part.isEmpty()).forEach(documents::add);
        }
        return documents;
    }

    private static byte[] bytes(Path file) throws IOException {
        if (!file.toString().endsWith(".gz")) {
            return Files.readAllBytes(file);
        }
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file))) {
            return in.readAllBytes();
        }
    }

    /// At most `most` documents, evenly spread.
    private static List<String> some(List<String> documents, int most) {
        if (documents.size() <= most) {
            return documents;
        }
        List<String> chosen = new ArrayList<>();
        for (int i = 0; i < most; i++) {
            chosen.add(documents.get((int) ((long) i * documents.size() / most)));
        }
        return chosen;
    }
}
