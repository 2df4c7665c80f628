package org.ternlm.format;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// A file that is not what it should be: one line that names the file, the place in it, what was expected, what was
/// found and, where there is one, a hint.
///
/// ```
/// throw ModelFormatException.in(file).at("model.norm.weight").expected("shape [256]").found("[255]").problem();
/// ```
///
/// Unchecked: a caller that can do something about a damaged file catches it, everybody else lets it reach the user,
/// for whom the message is written. Immutable, safe to share.
public final class ModelFormatException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int LONGEST_DETAIL = 200;

    private ModelFormatException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /// Starts the description of a problem in `file`.
    public static Problem in(Path file) {
        return new Problem(file.toString());
    }

    /// Collects what is known about a problem; [#problem()] makes the exception. Not thread-safe.
    public static final class Problem {
        private final String file;
        private @Nullable String place;
        private @Nullable String expected;
        private @Nullable String found;
        private @Nullable String hint;
        private @Nullable Throwable cause;

        private Problem(String file) {
            this.file = file;
        }

        /// Where in the file: a tensor, a key, a byte offset.
        public Problem at(String place) {
            this.place = place;
            return this;
        }

        /// What should stand there.
        public Problem expected(String expected) {
            this.expected = expected;
            return this;
        }

        /// What stands there instead; long values are cut.
        public Problem found(@Nullable Object found) {
            this.found = shorten(String.valueOf(found));
            return this;
        }

        /// What the user can do about it.
        public Problem hint(String hint) {
            this.hint = hint;
            return this;
        }

        /// The exception that showed the problem.
        public Problem cause(Throwable cause) {
            this.cause = cause;
            return this;
        }

        /// The exception, ready to throw.
        public ModelFormatException problem() {
            StringBuilder line = new StringBuilder(file);
            append(line, ": ", place);
            append(line, ": expected ", expected);
            append(line, expected == null ? ": found " : ", found ", found);
            append(line, " (", hint == null ? null : hint + ")");
            return new ModelFormatException(oneLine(line.toString()), cause);
        }

        private static void append(StringBuilder line, String lead, @Nullable String part) {
            if (part != null) {
                line.append(lead).append(part);
            }
        }

        private static String shorten(String text) {
            return text.length() <= LONGEST_DETAIL ? text : text.substring(0, LONGEST_DETAIL) + "…";
        }

        /// A file's own bytes may stand in a message; control characters would break the line or the terminal.
        private static String oneLine(String text) {
            StringBuilder clean = new StringBuilder(text.length());
            text.codePoints().map(c -> Character.isISOControl(c) ? ' ' : c).forEach(clean::appendCodePoint);
            return clean.toString();
        }
    }
}
