package org.ternlm.train.torch;

import org.ternlm.model.ModelConfig;

/// Cosines and sines of rotary position embeddings, for each position and each pair of elements of a head. The equations
/// are those of the runtime's rotary embedding.
///
/// @param half pairs of a head
/// @param cosines `[positions, half]`
/// @param sines `[positions, half]`
// Tables that whoever has them only reads.
@SuppressWarnings("ArrayRecordComponent")
public record RotaryAngles(int half, float[] cosines, float[] sines) {

    /// Those of the first `positions` positions.
    public static RotaryAngles of(ModelConfig config, int positions) {
        int half = config.headSize() / 2;
        float[] cosines = new float[Math.multiplyExact(positions, half)];
        float[] sines = new float[cosines.length];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headSize());
            float stretched = (float) (frequency * config.ropeScaling().frequencyFactor(i, frequency));
            for (int position = 0; position < positions; position++) {
                float angle = position * stretched;
                cosines[position * half + i] = (float) Math.cos(angle);
                sines[position * half + i] = (float) Math.sin(angle);
            }
        }
        return new RotaryAngles(half, cosines, sines);
    }
}
