package org.ternlm.train.fused;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Tensor;
import org.ternlm.kernel.FloatKernel;
import org.ternlm.model.ModelConfig;
import org.ternlm.train.torch.Parameters;
import org.ternlm.train.torch.Precision;
import org.ternlm.train.torch.RotaryAngles;
import org.ternlm.train.torch.WeightBlock;

/// Where one worker works: its shape, its operators, its memory, and the gradients that it has collected.
///
/// Memory comes in two kinds. What the backward pass needs is *kept*: each layer has its own, unless layers are computed
/// again on the way back, or there is no way back. Everything else *passes*: one piece serves all layers in turn.
final class Desk implements AutoCloseable {
    final ModelConfig config;
    final Parameters parameters;
    final FloatKernel kernel;
    final Element wide;
    final int sequences;
    final int length;
    /// sequences · length
    final int tokens;
    final PassMode mode;
    final RotaryAngles rotary;
    /// Of the weights that this worker has seen; not to be used without a way back.
    final WeightBlock gradients;
    /// Room for rows of any layer.
    final float[] row0;
    final float[] row1;
    final float[] row2;
    final float[] row3;
    /// Room for a sum.
    final float[] sum = new float[1];
    private final List<Block> blocks = new ArrayList<>();
    private final List<Tensor> views = new ArrayList<>();
    private final Map<String, Block> passing = new HashMap<>();

    Desk(ModelConfig config, Parameters parameters, Precision precision, FloatKernel kernel, int sequences, int length,
            PassMode mode) {
        this.config = config;
        this.parameters = parameters;
        this.kernel = kernel;
        this.wide = precision == Precision.BFLOAT16 ? Element.BFLOAT16 : Element.FLOAT32;
        this.sequences = sequences;
        this.length = length;
        this.mode = mode;
        tokens = Math.multiplyExact(sequences, length);
        rotary = RotaryAngles.of(config, length);
        gradients = mode == PassMode.FORWARD ? parameters.block() : WeightBlock.zeros(config);
        int widest = Math.max(Math.max(config.hiddenSize(), config.querySize() + 2 * config.keyValueSize()),
                Math.max(2 * config.feedForwardSize(), length));
        row0 = new float[widest];
        row1 = new float[widest];
        row2 = new float[widest];
        row3 = new float[widest];
    }

    /// A block that the backward pass reads.
    Block kept(String purpose, Element element, long rows, int columns) {
        return mode == PassMode.KEEP ? own(element, rows, columns) : passing(purpose, element, rows, columns);
    }

    /// A block of the caller's own.
    Block own(Element element, long rows, int columns) {
        Block block = new Block(element, rows, columns, kernel);
        blocks.add(block);
        return block;
    }

    /// A block that others with this purpose and shape use too, before and after.
    Block passing(String purpose, Element element, long rows, int columns) {
        return passing.computeIfAbsent("%s %s %d %d".formatted(purpose, element, rows, columns),
                key -> own(element, rows, columns));
    }

    /// The block as several matrices, `[matrices, rows, columns]`.
    Tensor several(Block block, long matrices) {
        try (PointerScope scope = new PointerScope()) {
            Tensor view = block.tensor().view(matrices, -1, block.columns()).retainReference();
            views.add(view);
            return view;
        }
    }

    /// The last two dimensions swapped.
    Tensor swapped(Tensor tensor) {
        try (PointerScope scope = new PointerScope()) {
            Tensor view = tensor.transpose(-2, -1).retainReference();
            views.add(view);
            return view;
        }
    }

    /// Some rows of a block.
    Tensor rows(Block block, long from, long count) {
        try (PointerScope scope = new PointerScope()) {
            Tensor view = block.tensor().narrow(0, from, count).retainReference();
            views.add(view);
            return view;
        }
    }

    @Override
    public void close() {
        views.forEach(Tensor::close);
        blocks.forEach(Block::close);
        if (mode != PassMode.FORWARD) {
            gradients.close();
        }
    }
}
