package org.ternlm.compare.step;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.ternlm.format.AtomicFile;
import org.ternlm.format.ModelFormatException;

/// A folder of results, one file a step. A file is there whole or not at all. Not thread-safe.
public final class Results {
    private static final String ENDING = ".json";
    private static final JsonMapper JSON = new JsonMapper();

    private final Path folder;
    private final Map<String, Result> byId;

    private Results(Path folder, Map<String, Result> byId) {
        this.folder = folder;
        this.byId = byId;
    }

    /// The results in `folder`; none where it is missing.
    ///
    /// @throws ModelFormatException if one of the files is damaged
    public static Results in(Path folder) throws IOException {
        Map<String, Result> byId = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                for (Path file : files.filter(one -> isResult(one)).toList()) {
                    Result result = read(file);
                    byId.put(result.id(), result);
                }
            }
        }
        return new Results(folder, byId);
    }

    private static boolean isResult(Path file) {
        String name = file.getFileName().toString();
        return name.endsWith(ENDING) && !name.startsWith(".");
    }

    private static Result read(Path file) throws IOException {
        try {
            Result result = Result.of(JSON.readTree(Files.readAllBytes(file)));
            if (!file.getFileName().toString().equals(result.id() + ENDING)) {
                throw new IllegalArgumentException("that of step " + result.id());
            }
            return result;
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw ModelFormatException.in(file).expected("the result of a step")
                    .found(e instanceof JsonProcessingException j
                            ? j.getOriginalMessage()
                            : e.getMessage())
                    .hint("without the file its step is done again").cause(e).problem();
        }
    }

    /// Keeps a result on the disk.
    void save(Result result) throws IOException {
        Files.createDirectories(folder);
        AtomicFile.write(folder.resolve(result.id() + ENDING), aside -> Files.write(aside, JSON
                .writerWithDefaultPrettyPrinter().writeValueAsBytes(result.json())));
        byId.put(result.id(), result);
    }

    /// The result of a step, failed ones too.
    public Optional<Result> find(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    /// The result of a step that did not fail.
    public Optional<Result> done(String id) {
        return find(id).filter(Result::isDone);
    }

    /// Whether a step has a result that did not fail, and none of those that it needs has a newer one.
    public boolean has(Step step) {
        Optional<Result> own = done(step.id());
        return own.isPresent() && step.needs().stream().map(this::find).flatMap(Optional::stream).noneMatch(
                needed -> needed.began().compareTo(own.get().began()) > 0);
    }

    /// Those that did not fail, in the order in which they were begun.
    public List<Result> done(Predicate<Result> which) {
        return byId.values().stream().filter(Result::isDone).filter(which).sorted(Comparator.comparing(Result::began)
                .thenComparing(Result::id)).toList();
    }

    /// Those that did not fail.
    public List<Result> done(Kind kind) {
        return done(result -> result.kind() == kind);
    }

    /// All of them.
    public Collection<Result> all() {
        return new ArrayList<>(byId.values());
    }

    /// The name of the file of a step.
    public static String fileName(String id) {
        return "results/" + id + ENDING;
    }
}
