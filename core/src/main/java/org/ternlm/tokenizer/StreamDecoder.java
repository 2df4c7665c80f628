package org.ternlm.tokenizer;

import java.util.List;

/// Decodes ids one at a time, as a model produces them.
///
/// All that [#accept] and [#finish] return, joined, is exactly what [Tokenizer#decode] gives for all the ids. What is
/// not certain yet is held back: the bytes of an unfinished character and, with SentencePiece byte fallback, a whole run
/// of byte tokens, because one bad byte in it turns all of it into U+FFFD. So no part ever ends within a character.
/// Not thread-safe.
public final class StreamDecoder {
    private final Tokenizer tokenizer;
    private final boolean skipSpecialTokens;
    private final StringBuilder certain = new StringBuilder();
    private final DecodeStep.Sink first;
    private boolean finished;

    StreamDecoder(Tokenizer tokenizer, List<DecodeStep> steps, boolean skipSpecialTokens) {
        this.tokenizer = tokenizer;
        this.skipSpecialTokens = skipSpecialTokens;
        DecodeStep.Sink sink = new Collector(certain);
        for (DecodeStep step : steps.reversed()) {
            sink = step.open(sink);
        }
        first = sink;
    }

    private record Collector(StringBuilder text) implements DecodeStep.Sink {
        @Override
        public void accept(String piece) {
            text.append(piece);
        }

        @Override
        public void finish() {
            // Nothing is held back here.
        }
    }

    /// Takes the next id and returns the text that became certain, perhaps none. An id without a piece (a model's head
    /// may be padded beyond its vocabulary) stands for nothing.
    ///
    /// @throws IllegalStateException after [#finish]
    public String accept(int id) {
        requireUnfinished();
        if (tokenizer.vocabulary().has(id) && !(skipSpecialTokens && tokenizer.isSpecial(id))) {
            first.accept(tokenizer.piece(id));
        }
        return take();
    }

    /// Ends the text and returns what was held back; unfinished characters become U+FFFD.
    ///
    /// @throws IllegalStateException if called before
    public String finish() {
        requireUnfinished();
        finished = true;
        first.finish();
        return take();
    }

    private void requireUnfinished() {
        if (finished) {
            throw new IllegalStateException("this text is finished; a new one needs a new decoder");
        }
    }

    private String take() {
        String text = certain.toString();
        certain.setLength(0);
        return text;
    }
}
