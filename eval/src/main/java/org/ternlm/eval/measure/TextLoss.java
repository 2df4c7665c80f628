package org.ternlm.eval.measure;

/// How well a model expects a text. Not thread-safe while it is being added to.
///
/// @param nats of each scored token
/// @param bytes of UTF-8 that the scored tokens stand for
/// @param words of the text between white space, those of unscored tokens included; 0 where tokens were left out
public record TextLoss(Mean nats, long bytes, long words) {
    /// e to the nats a token.
    public double perplexity() {
        return Math.exp(nats.value());
    }

    /// By the derivative of the exponential: perplexity times the error of the nats.
    public double perplexityError() {
        return perplexity() * nats.standardError();
    }

    /// All nats in bits, by the bytes that they are about: comparable between tokenizers.
    public double bitsPerByte() {
        return nats.sum() / Math.log(2) / bytes;
    }

    /// With the tokens' error.
    public double bitsPerByteError() {
        return nats.standardError() * nats.count() / Math.log(2) / bytes;
    }

    /// e to the nats a word, as lm-evaluation-harness reports; NaN where tokens were left out.
    public double wordPerplexity() {
        return words == 0 ? Double.NaN : Math.exp(nats.sum() / words);
    }
}
