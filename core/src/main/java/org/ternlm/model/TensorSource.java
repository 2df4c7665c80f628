package org.ternlm.model;

import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.ternlm.format.ModelFormatException;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Hands out a file's tensors after checking them against what the model needs, and remembers which were asked for: a
/// tensor that nobody asked for may mean an architecture that is not the one in the configuration.
///
/// Safe for several threads.
final class TensorSource {
    private final Map<String, Tensor> tensors;
    private final Path file;
    private final Set<String> taken = ConcurrentHashMap.newKeySet();

    TensorSource(Map<String, Tensor> tensors, Path file) {
        this.tensors = tensors;
        this.file = file;
    }

    boolean has(String name) {
        return tensors.containsKey(name);
    }

    /// Where the tensors come from, for messages.
    Path file() {
        return file;
    }

    /// The tensor of that name, of any type and shape.
    Tensor take(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw ModelFormatException.in(file).at(name).expected("a tensor").found("none").problem();
        }
        taken.add(name);
        return tensor;
    }

    /// A floating-point tensor of exactly that shape that kernels can read.
    Tensor floating(String name, long... dimensions) {
        Tensor tensor = take(name);
        Shape expected = new Shape(dimensions);
        if (!tensor.shape().equals(expected)) {
            throw ModelFormatException.in(file).at(name).expected("shape " + expected).found(tensor.shape()).problem();
        }
        if (!tensor.type().isFloat() || tensor.type() == DType.F64) {
            throw ModelFormatException.in(file).at(name).expected("F32, BF16 or F16").found(tensor.type()).problem();
        }
        return tensor;
    }

    /// The values of a small floating-point tensor, all finite.
    float[] values(String name, int size) {
        float[] values = floating(name, size).floats();
        for (int i = 0; i < size; i++) {
            if (!Float.isFinite(values[i])) {
                throw ModelFormatException.in(file).at(name + "[" + i + "]").expected("a finite number")
                        .found(values[i]).problem();
            }
        }
        return values;
    }

    /// Refuses what was not asked for.
    void checkNothingLeft() {
        for (String name : tensors.keySet()) {
            if (!taken.contains(name) && !name.endsWith(".rotary_emb.inv_freq")) {
                throw ModelFormatException.in(file).at(name).expected("no such tensor in this architecture")
                        .found(tensors.get(name).type() + " " + tensors.get(name).shape()).problem();
            }
        }
    }

    /// Counts a tensor as known without using it.
    void ignore(String name) {
        taken.add(name);
    }
}
