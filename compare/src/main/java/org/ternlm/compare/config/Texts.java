package org.ternlm.compare.config;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.ternlm.format.ModelFormatException;

/// What is learnt and what is scored.
///
/// @param sources files and folders to learn from
/// @param repeats how often each source is read, as many as there are sources
/// @param separator between the documents of a text file; empty: a file is a document
/// @param validation files to score; empty: a share of the documents of the sources
/// @param share that share
/// @param first where a share is held back: how many documents of the sources are looked at, 0 for all
/// @param documents most documents that are scored
public record Texts(List<Path> sources, List<Long> repeats, String separator, List<Path> validation, double share,
        int first, int documents) {
    /// What a comparison of equal tokens may see of a text: further epochs teach little (Muennighoff et al., 2023).
    public static final int MOST_EPOCHS = 4;

    public Texts {
        sources = List.copyOf(sources);
        repeats = List.copyOf(repeats);
        validation = List.copyOf(validation);
    }

    static Texts read(Section section, Path base, Path file) {
        List<Section> items = section.items("sources");
        List<Path> sources = items.stream().map(item -> existing(base.resolve(item.text("path")), file)).toList();
        List<Long> repeats = items.stream().map(item -> item.whole("repeat", 1, MOST_EPOCHS, 1)).toList();
        if (sources.isEmpty()) {
            throw section.problem("sources", "at least one source");
        }
        List<Path> validation = section.texts("validation").stream().map(text -> existing(base.resolve(text), file))
                .toList();
        Texts texts = new Texts(sources, repeats, section.text("separator", ""), validation,
                section.number("validation_share", 0.0001, 0.5, 0.02),
                (int) section.whole("first_documents", 0, 1 << 30, 0),
                (int) section.whole("documents", 2, 100_000, 300));
        if (!validation.stream().allMatch(Texts::isPlain)) {
            throw section.problem("validation", "files named .txt or .txt.gz");
        }
        if (validation.isEmpty() && (texts.separator.isEmpty() || !sources.stream().allMatch(Texts::isPlain)
                || repeats.stream().anyMatch(repeat -> repeat > 1))) {
            throw section.problem("validation",
                    "texts to score, unless all sources are .txt or .txt.gz files with a separator and no repeat,");
        }
        if (texts.first > 0 && !validation.isEmpty()) {
            throw section.problem("first_documents", "nothing beside validation");
        }
        return texts;
    }

    private static boolean isPlain(Path source) {
        return source.toString().endsWith(".txt") || source.toString().endsWith(".txt.gz");
    }

    private static Path existing(Path path, Path file) {
        if (!Files.exists(path)) {
            throw ModelFormatException.in(file).at("data").expected("a file or folder")
                    .found(path + ", which is not there")
                    .problem();
        }
        return path.toAbsolutePath().normalize();
    }

}
