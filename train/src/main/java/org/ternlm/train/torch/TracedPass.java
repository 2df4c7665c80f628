package org.ternlm.train.torch;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Device;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.Scalar;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.TensorOptional;
import org.bytedeco.pytorch.global.torch.ScalarType;
import org.jspecify.annotations.Nullable;
import org.ternlm.model.ModelConfig;

/// Losses and gradients by libtorch's own operations and its automatic differentiation, on any device: the way for a GPU,
/// and a second opinion on the processor's. Master weights and the optimiser stay with the processor; each step copies the
/// weights to the device, and the gradients back.
public final class TracedPass implements GradientPass {
    private final ModelConfig config;
    private final Parameters parameters;
    private final Precision precision;
    private final Device device;
    private final Map<String, Tensor> weights = new LinkedHashMap<>();
    private final Map<String, Tensor> trits = new LinkedHashMap<>();
    private final WeightBlock gradients;
    private final Network network;
    private TritCount count = new TritCount(0, 0, 0, 0);

    /// @param device libtorch's name of it, `cpu` or `cuda`
    public TracedPass(ModelConfig config, Parameters parameters, Precision precision, String device) {
        this.config = config;
        this.parameters = parameters;
        this.precision = precision;
        this.device = new Device(device);
        try (PointerScope scope = new PointerScope(); NoGradGuard frozen = new NoGradGuard()) {
            parameters.all().forEach((name, tensor) -> weights.put(name,
                    tensor.to(this.device, ScalarType.Float).clone().set_requires_grad(true).retainReference()));
        }
        gradients = WeightBlock.zeros(config);
        network = new Network(config, weights);
    }

    @Override
    public void begin(double share) {
        network.setShare(share);
        try (PointerScope scope = new PointerScope(); NoGradGuard frozen = new NoGradGuard()) {
            weights.forEach((name, tensor) -> {
                tensor.copy_(parameters.get(name));
                if (tensor.grad().defined()) {
                    tensor.grad().zero_();
                }
            });
            if (config.linearKind().isTernary()) {
                count();
            }
        }
    }

    private void count() {
        long[] counts = new long[3];
        long flips = 0;
        for (Map.Entry<String, Tensor> entry : weights.entrySet()) {
            if (!entry.getKey().endsWith("_proj.weight")) {
                continue;
            }
            try (PointerScope scope = new PointerScope()) {
                Tensor weight = entry.getValue();
                Tensor scale = FakeQuantization.weightScale(config.linearKind(), weight);
                Tensor now = FakeQuantization.rounded(config.linearKind(), weight, weight.mul(scale.reciprocal()))
                        .to(ScalarType.Char).retainReference();
                counts[0] += now.lt(new Scalar(0)).sum().item_long();
                counts[1] += now.eq(new Scalar(0)).sum().item_long();
                counts[2] += now.gt(new Scalar(0)).sum().item_long();
                @Nullable
                Tensor before = trits.put(entry.getKey(), now);
                if (before != null) {
                    flips += now.ne(before).sum().item_long();
                    before.close();
                }
            }
        }
        count = new TritCount(counts[0], counts[1], counts[2], flips);
    }

    @Override
    public double loss(Sequences batch) {
        try (PointerScope scope = new PointerScope(); NoGradGuard frozen = new NoGradGuard()) {
            return tracedLoss(batch).item_double();
        }
    }

    @Override
    public double lossAndGradients(Sequences batch, double weight) {
        try (PointerScope scope = new PointerScope()) {
            Tensor loss = tracedLoss(batch);
            loss.mul(new Scalar(weight)).backward();
            return loss.item_double();
        }
    }

    private Tensor tracedLoss(Sequences batch) {
        return network.loss(integers(batch.inputs(), batch), integers(batch.targets(), batch), mask(batch), precision);
    }

    private Tensor integers(int[] values, Sequences batch) {
        return Torch.longs(Arrays.stream(values).asLongStream().toArray(), batch.count(), batch.length()).to(device,
                ScalarType.Long);
    }

    /// Nothing where each token sees all before it.
    private TensorOptional mask(Sequences batch) {
        if (Arrays.stream(batch.firstVisible()).allMatch(first -> first == 0)) {
            return new TensorOptional();
        }
        int length = batch.length();
        long[] visible = new long[batch.inputs().length * length];
        for (int token = 0; token < batch.inputs().length; token++) {
            int row = token * length;
            Arrays.fill(visible, row + batch.firstVisible()[token], row + token % length + 1, 1);
        }
        return new TensorOptional(Torch.longs(visible, batch.count(), 1, length, length).to(device, ScalarType.Bool));
    }

    @Override
    public WeightBlock gradients() {
        try (PointerScope scope = new PointerScope(); NoGradGuard frozen = new NoGradGuard()) {
            weights.forEach((name, tensor) -> {
                if (tensor.grad().defined()) {
                    gradients.get(name).copy_(tensor.grad());
                }
            });
        }
        return gradients;
    }

    @Override
    public TritCount trits() {
        return count;
    }

    @Override
    public void close() {
        network.close();
        weights.values().forEach(Tensor::close);
        trits.values().forEach(Tensor::close);
        gradients.close();
        device.close();
    }
}
