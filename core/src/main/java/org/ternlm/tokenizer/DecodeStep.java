package org.ternlm.tokenizer;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One stage on the way from pieces to text. Implementations are immutable; the state of one decoding is in the
/// [Sink] that [#open] makes.
sealed interface DecodeStep {

    /// Receives pieces in order, and hands what it makes of them to the next sink. Not thread-safe.
    interface Sink {
        void accept(String piece);

        /// No more pieces: what was held back goes on.
        void finish();
    }

    /// A stage for one decoding.
    Sink open(Sink next);

    /// What the step makes of a piece in the middle of a text.
    String inside(String piece);

    /// The bytes of a piece in the middle of a text, where this step is the one that turns pieces into bytes;
    /// else null.
    default byte @Nullable [] bytes(String piece) {
        return null;
    }

    /// Whether all pieces are one text behind this step.
    default boolean fuses() {
        return false;
    }

    /// A sink that maps each piece on its own.
    abstract class Mapping implements Sink {
        private final Sink next;

        Mapping(Sink next) {
            this.next = next;
        }

        abstract String map(String piece);

        @Override
        public void accept(String piece) {
            next.accept(map(piece));
        }

        @Override
        public void finish() {
            next.finish();
        }
    }

    /// Reads the [ByteAlphabet], and the bytes of all pieces together as UTF-8.
    record ReadBytes() implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return new Sink() {
                private final Utf8Stream utf8 = new Utf8Stream();

                @Override
                public void accept(String piece) {
                    StringBuilder text = new StringBuilder();
                    for (byte b : ByteAlphabet.read(piece)) {
                        utf8.accept(b, text);
                    }
                    next.accept(text.toString());
                }

                @Override
                public void finish() {
                    StringBuilder text = new StringBuilder();
                    utf8.finish(text);
                    next.accept(text.toString());
                    next.finish();
                }
            };
        }

        @Override
        public String inside(String piece) {
            return piece;
        }

        @Override
        public byte[] bytes(String piece) {
            return ByteAlphabet.read(piece);
        }

        @Override
        public boolean fuses() {
            return true;
        }
    }

    /// Puts `content` in the place of each match within a piece.
    record Replace(Finder pattern, String content) implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return new Mapping(next) {
                @Override
                String map(String piece) {
                    return inside(piece);
                }
            };
        }

        @Override
        public String inside(String piece) {
            return pattern.replaceAll(piece, content);
        }
    }

    /// Reads runs of byte tokens, `<0x00>` to `<0xFF>`, as UTF-8. See [ByteRun].
    record ReadByteTokens() implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return new ByteRun(next);
        }

        @Override
        public String inside(String piece) {
            return piece;
        }

        @Override
        public byte @Nullable [] bytes(String piece) {
            int value = ByteRun.value(piece);
            return value < 0 ? null : new byte[] {(byte) value};
        }
    }

    /// Joins all pieces to one text.
    record Fuse() implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return next;
        }

        @Override
        public String inside(String piece) {
            return piece;
        }

        @Override
        public boolean fuses() {
            return true;
        }
    }

    /// Removes up to `count` times `content` from the start of each piece.
    record Strip(String content, int count) implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return new Mapping(next) {
                @Override
                String map(String piece) {
                    return inside(piece);
                }
            };
        }

        @Override
        public String inside(String piece) {
            int from = 0;
            for (int i = 0; i < count && piece.startsWith(content, from); i++) {
                from += content.length();
            }
            return piece.substring(from);
        }
    }

    /// Removes up to `count` times `content` from the start of the text that fused pieces are.
    record StripText(String content, int count) implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return new Mapping(next) {
                private int left = count;

                @Override
                String map(String part) {
                    int from = 0;
                    while (left > 0 && part.startsWith(content, from)) {
                        from += content.length();
                        left--;
                    }
                    left = from < part.length() ? 0 : left;
                    return part.substring(from);
                }
            };
        }

        @Override
        public String inside(String piece) {
            return piece;
        }

        @Override
        public boolean fuses() {
            return true;
        }
    }

    /// Puts a space in the place of SentencePiece's mark; in the first piece, nothing.
    ///
    /// @param dropsFirst whether the first piece is different
    record ReadMarks(String mark, boolean dropsFirst) implements DecodeStep {
        @Override
        public Sink open(Sink next) {
            return new Mapping(next) {
                private boolean first = dropsFirst;

                @Override
                String map(String piece) {
                    String spaced = first ? piece.replace(mark, "") : inside(piece);
                    first = false;
                    return spaced;
                }
            };
        }

        @Override
        public String inside(String piece) {
            return piece.replace(mark, " ");
        }
    }

    /// The bytes that `piece` stands for in the middle of a text that `steps` decode.
    static byte[] bytes(Iterable<DecodeStep> steps, String piece) {
        String current = piece;
        for (DecodeStep step : steps) {
            byte[] bytes = step.bytes(current);
            if (bytes != null) {
                return bytes;
            }
            current = step.inside(current);
        }
        return current.getBytes(StandardCharsets.UTF_8);
    }
}
