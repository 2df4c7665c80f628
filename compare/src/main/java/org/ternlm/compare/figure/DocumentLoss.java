package org.ternlm.compare.figure;

import java.util.Arrays;

/// The loss of a model on a number of documents, and how it differs from another's on the same ones.
///
/// The loss is Σ nats / Σ tokens over all documents. Its error is that of a ratio of two sums over documents, which are
/// taken to be drawn independently: with the residuals eᵢ = natsᵢ - loss · tokensᵢ it is √(n / (n-1) · Σ eᵢ²) / Σ tokens,
/// and the interval is normal (Cochran, "Sampling Techniques", section 2.11). It says how the loss would vary with other
/// documents, not with other seeds. A difference of two models is computed from the differences of each document, which
/// removes what makes a document hard for both.
public final class DocumentLoss {
    private static final double NATS_PER_BIT = Math.log(2);

    private final double[] nats;
    private final double[] sizes;

    private DocumentLoss(double[] nats, double[] sizes) {
        this.nats = nats;
        this.sizes = sizes;
    }

    /// @param nats the negative log-probability of each document
    /// @param sizes its tokens or bytes, above 0 in all
    /// @throws IllegalArgumentException if there are fewer than two documents, or not as many of both
    public static DocumentLoss of(double[] nats, double[] sizes) {
        if (nats.length != sizes.length || nats.length < 2) {
            throw new IllegalArgumentException("%d losses of %d documents".formatted(nats.length, sizes.length));
        }
        if (!(Arrays.stream(sizes).sum() > 0)) {
            throw new IllegalArgumentException("documents without tokens");
        }
        return new DocumentLoss(nats.clone(), sizes.clone());
    }

    /// Documents.
    public int count() {
        return nats.length;
    }

    /// Nats a token, or whatever the sizes are.
    public Interval mean() {
        return ratio(nats, sizes);
    }

    /// Bits instead of nats.
    public Interval meanBits() {
        return mean().times(1 / NATS_PER_BIT);
    }

    /// How much more this model has than another: above 0, this one is worse.
    ///
    /// @throws IllegalArgumentException if the other has other documents
    public Interval minus(DocumentLoss other) {
        if (!Arrays.equals(sizes, other.sizes)) {
            throw new IllegalArgumentException("losses of other documents");
        }
        double[] differences = new double[nats.length];
        for (int i = 0; i < differences.length; i++) {
            differences[i] = nats[i] - other.nats[i];
        }
        return ratio(differences, sizes);
    }

    private static Interval ratio(double[] amounts, double[] sizes) {
        int n = amounts.length;
        double size = Arrays.stream(sizes).sum();
        double mean = Arrays.stream(amounts).sum() / size;
        double squares = 0;
        for (int i = 0; i < n; i++) {
            double residual = amounts[i] - mean * sizes[i];
            squares += residual * residual;
        }
        return Interval.normal(mean, Math.sqrt(n / (n - 1.0) * squares) / size);
    }
}
