package org.ternlm.model;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// A Hugging Face folder with random weights for any configuration, and what the weights stand for.
final class RandomFolder {
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED
            .withOrder(ByteOrder.LITTLE_ENDIAN);
    private final Random random = new Random(20_261_122);
    private final Path path;
    private final ModelConfig config;
    private final WeightNames names;
    private final boolean rowScales;
    private final List<Tensor> tensors = new ArrayList<>();
    private final Map<String, float[]> weights = new LinkedHashMap<>();

    private RandomFolder(Path path, ModelConfig config, WeightNames names, boolean rowScales) {
        this.path = path;
        this.config = config;
        this.names = names;
        this.rowScales = rowScales;
    }

    /// @param json `config.json` with ' for "
    /// @param rowScales whether packed matrices have a scale for each row
    static RandomFolder write(Path path, String json, WeightNames names, boolean rowScales) throws IOException {
        Files.createDirectories(path);
        String text = json.replace('\'', '"');
        Files.writeString(path.resolve("config.json"), text);
        ModelConfig config = ConfigReader.read((ObjectNode) new ObjectMapper().readTree(text), path);
        RandomFolder folder = new RandomFolder(path, config, names, rowScales);
        folder.put();
        return folder;
    }

    Path path() {
        return path;
    }

    ModelConfig config() {
        return config;
    }

    /// By name; of linear layers the floats that the file holds or that its codes stand for.
    Map<String, float[]> weights() {
        return weights;
    }

    private void put() throws IOException {
        putGains(names.norm() + ".weight", config.hiddenSize());
        putNumbers(names.embedding() + ".weight", 1, config.vocabularySize(), config.hiddenSize());
        for (int i = 0; i < config.layers(); i++) {
            for (NormRole role : NormRole.values()) {
                if (role.size(config) > 0) {
                    putGains(names.layer(i) + names.norm(role) + ".weight", role.size(config));
                }
            }
            for (LinearRole role : LinearRole.values()) {
                putLinear(names.layer(i) + names.linear(role), role);
            }
        }
        SafetensorsWriter.write(path.resolve("model.safetensors"), tensors, Map.of());
    }

    private void putLinear(String name, LinearRole role) {
        int rows = role.rows(config);
        int columns = role.columns(config);
        if (role.hasBias(config)) {
            putNumbers(name + ".bias", 0.3, rows);
        }
        if (config.inputNorms()) {
            putGains(name + ".rms_norm.weight", columns);
        }
        if (config.linearKind().isPacked()) {
            putPacked(name, rows, columns);
        } else {
            putNumbers(name + ".weight", 1 / Math.sqrt(columns), rows, columns);
        }
    }

    private void putPacked(String name, int rows, int columns) {
        byte[] trits = new byte[rows * columns];
        float[] scales = new float[rowScales ? rows : 1];
        for (int i = 0; i < scales.length; i++) {
            scales[i] = (0.5f + random.nextFloat()) / 16;
        }
        float[] meant = new float[trits.length];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (random.nextInt(3) - 1);
            meant[i] = trits[i] * scales[rowScales ? i / columns : 0];
        }
        byte[] packed = new byte[(int) Packings.HUGGING_FACE_U8.byteSize(rows, columns)];
        Packings.HUGGING_FACE_U8.encode(new TernaryMatrix(rows, columns, trits, 1), MemorySegment.ofArray(packed));
        tensors.add(new Tensor(name + ".weight", DType.U8, new Shape(packed.length / columns, columns),
                MemorySegment.ofArray(packed)));
        tensors.add(floats(name + ".weight_scale", scales, scales.length));
        weights.put(name + ".weight", meant);
    }

    private void putGains(String name, int size) {
        float[] gains = new float[size];
        for (int i = 0; i < size; i++) {
            gains[i] = 0.5f + random.nextFloat();
        }
        tensors.add(floats(name, gains, size));
        weights.put(name, gains);
    }

    private void putNumbers(String name, double deviation, long... shape) {
        float[] values = new float[(int) new Shape(shape).elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (deviation * random.nextGaussian());
        }
        tensors.add(floats(name, values, shape));
        weights.put(name, values);
    }

    private static Tensor floats(String name, float[] values, long... shape) {
        byte[] bytes = new byte[4 * values.length];
        MemorySegment segment = MemorySegment.ofArray(bytes);
        for (int i = 0; i < values.length; i++) {
            segment.set(FLOAT, 4L * i, values[i]);
        }
        return new Tensor(name, DType.F32, new Shape(shape), segment);
    }
}
