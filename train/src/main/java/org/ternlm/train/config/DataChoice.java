package org.ternlm.train.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.ternlm.train.data.TextSource;

/// Texts to learn from.
///
/// @param sources files and folders
/// @param validation files and folders to validate on; empty: a share of the documents
/// @param validationShare of the documents
/// @param packing how documents get into sequences
public record DataChoice(List<TextSource> sources, List<TextSource> validation, double validationShare,
        Packing packing) {
    public DataChoice {
        sources = List.copyOf(sources);
        validation = List.copyOf(validation);
    }

    /// How documents get into sequences.
    public enum Packing {
        /// One behind the other; a token sees what stands before it in its sequence, of other documents too.
        STREAM,
        /// One behind the other; a token sees its own document only.
        SEPARATE,
        /// A sequence holds tokens of one document; what is left over is padding.
        DOCUMENT
    }

    static DataChoice read(Section section, Path base) {
        String separator = section.text("separator", "");
        List<TextSource> sources = sources(section, "sources", separator, base);
        List<TextSource> validation = section.has("validation")
                ? sources(section, "validation", separator, base)
                : List.of();
        return new DataChoice(sources, validation, section.number("validation_share", 0, 0.5, 0.005),
                section.choice("packing", Map.of("stream", Packing.STREAM, "separate", Packing.SEPARATE, "document",
                        Packing.DOCUMENT), "stream"));
    }

    private static List<TextSource> sources(Section section, String key, String separator, Path base) {
        return section.items(key, "path").stream().map(item -> {
            TextSource source = TextSource.of(base.resolve(item.text("path")))
                    .withJsonKey(item.text("json_key", "text"))
                    .repeated((int) item.whole("repeat", 1, 1000, 1));
            String own = item.text("separator", separator);
            source = own.isEmpty() ? source : source.separatedBy(own);
            return item.flag("replace_invalid", false) ? source.replacingInvalid() : source;
        }).toList();
    }
}
