package org.ternlm.cli.inspect;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvCache;
import org.ternlm.model.LinearRole;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.MultiplyAccumulates;
import org.ternlm.model.StoredTensor;
import org.ternlm.model.TensorPlace;
import org.ternlm.quant.TritCounts;

/// What was found inside a model.
///
/// @param path the folder or file
/// @param config shape and variations
/// @param tokenizer in words
/// @param tensors of the files
/// @param layers in order
/// @param runBytes bytes of the weights in the form that the kernels read
/// @param layout the name of that form for ternary weights
/// @param head what the output head is made of, in words
/// @param selection the kernels that would run it
/// @param positions for which memory and work are counted
/// @param form what keys and values are kept as
record Inspection(Path path, ModelConfig config, String tokenizer, List<StoredTensor> tensors,
        List<LayerTrits> layers, long runBytes, String layout, String head, KernelSelection selection, int positions,
        KvForm form) {

    /// -1, 0 and +1 of all layers.
    TritCounts trits() {
        return layers.stream().map(LayerTrits::sum).reduce(TritCounts.NONE, TritCounts::plus);
    }

    /// -1, 0 and +1 of one kind of matrix in all layers.
    TritCounts trits(LinearRole role) {
        return layers.stream().map(layer -> layer.counts().getOrDefault(role, TritCounts.NONE))
                .reduce(TritCounts.NONE, TritCounts::plus);
    }

    /// How many weights there are for something, by the shape of the model.
    long weights(TensorPlace place) {
        MultiplyAccumulates work = MultiplyAccumulates.of(config, 0);
        return switch (place) {
            case LINEAR -> work.linear();
            case EMBEDDING -> work.head();
            case HEAD -> config.tiedHead() ? 0 : work.head();
            case NORM -> tensors.stream().filter(tensor -> tensor.place() == place)
                    .mapToLong(tensor -> tensor.shape().elements()).sum();
            case OTHER -> 0;
        };
    }

    /// All weights.
    long weights() {
        return Arrays.stream(TensorPlace.values()).mapToLong(this::weights).sum();
    }

    /// Bytes of tensors in the files.
    long bytes(TensorPlace place) {
        return tensors.stream().filter(tensor -> tensor.place() == place).mapToLong(StoredTensor::byteSize).sum();
    }

    /// Bytes of all tensors in the files.
    long bytes() {
        return tensors.stream().mapToLong(StoredTensor::byteSize).sum();
    }

    /// Work of the token at the last of [#positions].
    MultiplyAccumulates work() {
        return MultiplyAccumulates.of(config, positions);
    }

    /// Bytes of keys and values.
    long cacheBytes() {
        return KvCache.byteSize(config, form, positions);
    }
}
