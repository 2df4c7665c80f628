package org.ternlm.train.torch;

import static org.bytedeco.pytorch.global.torch.cat;

import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorVector;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.ternlm.model.ModelConfig;

/// Rotary position embeddings for training: the tables of all positions of the context, made once. See [RotaryAngles].
final class RotaryTables implements AutoCloseable {
    private final Tensor cosines;
    private final Tensor sines;
    private final long half;

    RotaryTables(ModelConfig config, Device device) {
        RotaryAngles angles = RotaryAngles.of(config, config.contextLength());
        half = angles.half();
        int positions = config.contextLength();
        cosines = onDevice(Torch.floats(angles.cosines(), positions, half), device);
        sines = onDevice(Torch.floats(angles.sines(), positions, half), device);
    }

    private static Tensor onDevice(Tensor tensor, Device device) {
        return tensor.to(device, ScalarType.Float).retainReference();
    }

    @Override
    public void close() {
        cosines.close();
        sines.close();
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
