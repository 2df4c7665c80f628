package org.ternlm.model;

import java.util.Arrays;

/// Rotary position embeddings (RoPE, arXiv 2104.09864) in the form of Hugging Face and GPT-NeoX: element `i` of a head
/// turns with element `i + headSize/2`.
///
/// ```
/// angle = position · frequency(i)       frequency(i) = theta^(-2i / headSize), stretched by RopeScaling
/// a' = a·cos − b·sin      b' = b·cos + a·sin
/// ```
///
/// Sines are computed once a position and kept. Not thread-safe while a new position is prepared: the decoder prepares
/// them before its threads share the work.
final class RotaryEmbedding {
    private final int half;
    private final float[] frequencies;
    private float[] cosines = new float[0];
    private float[] sines = new float[0];
    private int prepared;

    RotaryEmbedding(int headSize, double theta, RopeScaling scaling) {
        half = headSize / 2;
        frequencies = new float[half];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(theta, -2.0 * i / headSize);
            frequencies[i] = (float) (frequency * scaling.frequencyFactor(i, frequency));
        }
    }

    /// Makes positions `0 … positions - 1` ready.
    void prepare(int positions) {
        if (positions <= prepared) {
            return;
        }
        int target = Math.max(positions, Math.max(64, prepared * 2));
        cosines = Arrays.copyOf(cosines, Math.multiplyExact(target, half));
        sines = Arrays.copyOf(sines, target * half);
        for (int position = prepared; position < target; position++) {
            for (int i = 0; i < half; i++) {
                // The product in float, as the reference computes it.
                float angle = position * frequencies[i];
                cosines[position * half + i] = (float) Math.cos(angle);
                sines[position * half + i] = (float) Math.sin(angle);
            }
        }
        prepared = target;
    }

    /// Turns `heads` heads that lie one after the other from `offset` on.
    void apply(float[] x, int offset, int heads, int position) {
        int table = position * half;
        for (int head = 0; head < heads; head++) {
            int first = offset + head * 2 * half;
            for (int i = 0; i < half; i++) {
                float cosine = cosines[table + i];
                float sine = sines[table + i];
                float a = x[first + i];
                float b = x[first + half + i];
                x[first + i] = a * cosine - b * sine;
                x[first + half + i] = b * cosine + a * sine;
            }
        }
    }
}
