package org.ternlm.eval.measure;

/// Adds up numbers to a mean with its error. Not thread-safe.
public final class Mean {
    private long count;
    private double mean;
    private double squares;

    /// Counts a number. Welford's recurrence, which loses nothing where the numbers are large and alike.
    public void add(double value) {
        count++;
        double difference = value - mean;
        mean += difference / count;
        squares += difference * (value - mean);
    }

    /// How many numbers.
    public long count() {
        return count;
    }

    /// Their mean; NaN of none.
    public double value() {
        return count == 0 ? Double.NaN : mean;
    }

    /// Their sum.
    public double sum() {
        return mean * count;
    }

    /// Standard error of the mean, taking the numbers as independent, which tokens of one text are not quite; NaN of
    /// fewer than two.
    public double standardError() {
        return count < 2 ? Double.NaN : Math.sqrt(squares / (count - 1) / count);
    }

    /// 95 %, by the normal approximation.
    public Interval interval() {
        return Interval.normal(value(), standardError());
    }
}
