package org.ternlm.train.torch;

import static org.bytedeco.pytorch.global.torch.cat;

import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.ternlm.model.ModelConfig;

/// Rotary position embeddings for training: the tables of all positions of the context, made once. The equations are
/// those of the runtime's rotary embedding.
final class RotaryTables {
    private final Tensor cosines;
    private final Tensor sines;
    private final long half;

    RotaryTables(ModelConfig config) {
        half = config.headSize() / 2;
        int positions = config.contextLength();
        float[] cosine = new float[Math.multiplyExact(positions, (int) half)];
        float[] sine = new float[cosine.length];
        for (int i = 0; i < half; i++) {
            double frequency = Math.pow(config.ropeTheta(), -2.0 * i / config.headSize());
            float stretched = (float) (frequency * config.ropeScaling().frequencyFactor(frequency));
            for (int position = 0; position < positions; position++) {
                float angle = position * stretched;
                cosine[(int) (position * half + i)] = (float) Math.cos(angle);
                sine[(int) (position * half + i)] = (float) Math.sin(angle);
            }
        }
        cosines = Torch.floats(cosine, positions, half).retainReference();
        sines = Torch.floats(sine, positions, half).retainReference();
    }

    /// Turns `[batch, heads, length, headSize]`.
    Tensor apply(Tensor x) {
        long length = x.size(2);
        Tensor cosine = cosines.narrow(0, 0, length);
        Tensor sine = sines.narrow(0, 0, length);
        Tensor a = x.narrow(-1, 0, half);
        Tensor b = x.narrow(-1, half, half);
        return cat(new TensorVector(a.mul(cosine).sub(b.mul(sine)), b.mul(cosine).add(a.mul(sine))), -1);
    }
}
