package org.ternlm.train.data;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Where text for training comes from: a file, or a folder of files, read in the order of their paths.
///
/// A file whose name ends in `.jsonl` or `.ndjson` holds a JSON object a line; any other is plain text. `.gz` and `.zst`
/// behind that are unpacked while reading. In a folder, files with other endings than `.txt`, `.text`, `.md`, `.raw`,
/// `.jsonl` and `.ndjson` are left out, and so is what is hidden.
///
/// White space at both ends of a document does not belong to it, and what is empty then is none.
///
/// @param path the file or folder
/// @param separator what stands between two documents of a text file, such as `<|endoftext|>` (with line ends around it,
/// `\n---\n`, a line of its own); null if each file is one document
/// @param jsonKey the key of the text in a JSON line
/// @param replaceInvalid whether bytes that are no UTF-8 become U+FFFD instead of being an error
/// @param repeats how often each document appears in an epoch, at least once: a good small source weighs more so
public record TextSource(Path path, @Nullable String separator, String jsonKey, boolean replaceInvalid, int repeats) {

    public TextSource {
        if (separator != null && separator.isEmpty()) {
            throw new IllegalArgumentException("an empty separator separates nothing");
        }
        if (repeats < 1) {
            throw new IllegalArgumentException("repeats: expected at least 1, found " + repeats);
        }
    }

    /// `path` with each file one document, text under `text` in JSON lines, invalid UTF-8 an error, each document once.
    public static TextSource of(Path path) {
        return new TextSource(path, null, "text", false, 1);
    }

    /// The same with documents that stand between occurrences of `separator`.
    public TextSource separatedBy(String separator) {
        return new TextSource(path, separator, jsonKey, replaceInvalid, repeats);
    }

    /// The same with another key of the text in JSON lines.
    public TextSource withJsonKey(String key) {
        return new TextSource(path, separator, key, replaceInvalid, repeats);
    }

    /// The same with U+FFFD for bytes that are no UTF-8.
    public TextSource replacingInvalid() {
        return new TextSource(path, separator, jsonKey, true, repeats);
    }

    /// The same with each document `times` times in an epoch.
    public TextSource repeated(int times) {
        return new TextSource(path, separator, jsonKey, replaceInvalid, times);
    }
}
