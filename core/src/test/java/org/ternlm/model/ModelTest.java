package org.ternlm.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.Packing;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;

/// Loading, on a model of one layer that the test writes.
class ModelTest {
    private static final int HIDDEN = 8;
    private static final int INNER = 12;
    private static final int VOCABULARY = 10;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    Path folder;
    private final Arena arena = Arena.ofShared();
    private final Kernels kernels = GoldenLogitsTest.kernels("scalar");
    private final Random random = new Random(9);
    private final ObjectNode header = JSON.createObjectNode();
    private final List<byte[]> data = new ArrayList<>();
    private int size;
    private float[] scalesOfQuery = {};
    private int[] scalesShape = {};

    @BeforeEach
    void config() throws IOException {
        Files.writeString(folder.resolve("config.json"), """
                {"model_type": "llama", "vocab_size": 10, "hidden_size": 8, "intermediate_size": 12,
                 "num_hidden_layers": 1, "num_attention_heads": 2, "hidden_act": "silu", "rms_norm_eps": 1e-6,
                 "max_position_embeddings": 16, "tie_word_embeddings": true, "attention_bias": true, "mlp_bias": true,
                 "quantization_config": {"quant_method": "bitnet", "linear_class": "%s",
                                         "modules_to_not_convert": ["v_proj"]}}""".formatted("autobitlinear"));
    }

    @AfterEach
    void close() {
        kernels.close();
        arena.close();
    }

    private void put(String name, String type, byte[] bytes, int... shape) {
        ObjectNode entry = header.putObject(name);
        entry.put("dtype", type);
        Arrays.stream(shape).forEach(entry.withArray("shape")::add);
        entry.withArray("data_offsets").add(size).add(size + bytes.length);
        data.add(bytes);
        size += bytes.length;
    }

    private void putFloats(String name, float[] values, int... shape) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        put(name, "F32", bytes.array(), shape);
    }

    private float[] random(int length) {
        float[] values = new float[length];
        for (int i = 0; i < length; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }

    /// A packed matrix with its scale and bias.
    private void putPacked(String name, TernaryMatrix matrix, float scale) {
        Packing packing = Packings.HUGGING_FACE_U8;
        byte[] packed = new byte[(int) packing.byteSize(matrix.rows(), matrix.columns())];
        packing.encode(matrix, MemorySegment.ofArray(packed));
        put(name + ".weight", "U8", packed, packed.length / matrix.columns(), matrix.columns());
        if (name.endsWith("q_proj") && scalesOfQuery.length > 0) {
            putFloats(name + ".weight_scale", scalesOfQuery, scalesShape);
        } else {
            putFloats(name + ".weight_scale", new float[] {scale}, 1);
        }
        putFloats(name + ".bias", random(matrix.rows()), matrix.rows());
    }

    private void putModel() {
        putFloats("model.embed_tokens.weight", random(VOCABULARY * HIDDEN), VOCABULARY, HIDDEN);
        putFloats("model.norm.weight", random(HIDDEN), HIDDEN);
        String layer = "model.layers.0.";
        putFloats(layer + "input_layernorm.weight", random(HIDDEN), HIDDEN);
        putFloats(layer + "post_attention_layernorm.weight", random(HIDDEN), HIDDEN);
        for (String name : List.of("self_attn.q_proj", "self_attn.k_proj", "self_attn.o_proj")) {
            putPacked(layer + name, matrix(HIDDEN, HIDDEN), 0.5f);
        }
        putFloats(layer + "self_attn.v_proj.weight", random(HIDDEN * HIDDEN), HIDDEN, HIDDEN);
        putFloats(layer + "self_attn.v_proj.bias", random(HIDDEN), HIDDEN);
        putPacked(layer + "mlp.gate_proj", matrix(INNER, HIDDEN), 2);
        putPacked(layer + "mlp.up_proj", matrix(INNER, HIDDEN), 1);
        putPacked(layer + "mlp.down_proj", matrix(HIDDEN, INNER), 0.25f);
    }

    private TernaryMatrix matrix(int rows, int columns) {
        byte[] trits = new byte[rows * columns];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = (byte) (random.nextInt(3) - 1);
        }
        return new TernaryMatrix(rows, columns, trits, 1);
    }

    private Model load() throws IOException {
        byte[] json = JSON.writeValueAsString(header).getBytes(StandardCharsets.UTF_8);
        ByteBuffer file = ByteBuffer.allocate(8 + json.length + size).order(ByteOrder.LITTLE_ENDIAN);
        file.putLong(json.length).put(json);
        data.forEach(file::put);
        Files.write(folder.resolve("model.safetensors"), file.array());
        return Model.load(folder, kernels, arena);
    }

    private void change(String text, String replacement) throws IOException {
        Path config = folder.resolve("config.json");
        String json = Files.readString(config);
        assertThat(json).contains(text);
        Files.writeString(config, json.replace(text, replacement));
    }

    private static float scale(Linear layer) {
        return ((BitLinear) layer).weightScales()[0];
    }

    @Test
    void autobitlinearMultipliesByItsScale() throws IOException {
        putModel();
        Weights.Layer layer = load().weights().layers().getFirst();
        assertThat(scale(layer.query())).isEqualTo(0.5f);
        assertThat(scale(layer.gate())).isEqualTo(2);
        assertThat(scale(layer.down())).isEqualTo(0.25f);
    }

    @Test
    void bitlinearDividesByItsScale() throws IOException {
        putModel();
        change("autobitlinear", "bitlinear");
        Weights.Layer layer = load().weights().layers().getFirst();
        assertThat(scale(layer.query())).isEqualTo(2);
        assertThat(scale(layer.gate())).isEqualTo(0.5f);
        assertThat(scale(layer.down())).isEqualTo(4);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2})
    void scalesOfRowsComeAsAVectorOrAColumn(int dimensions) throws IOException {
        float[] scales = {1, 2, 3, 4, 5, 6, 7, 8};
        scalesOfQuery = scales;
        scalesShape = dimensions == 1 ? new int[] {HIDDEN} : new int[] {HIDDEN, 1};
        putModel();
        assertThat(((BitLinear) load().weights().layers().getFirst().query()).weightScales()).containsExactly(scales);
        change("autobitlinear", "bitlinear");
        assertThat(((BitLinear) load().weights().layers().getFirst().query()).weightScales()).startsWith(1, 0.5f);
    }

    @Test
    void scalesOfGroupsAreRefusedWithTheReason() {
        scalesOfQuery = random(2 * HIDDEN);
        scalesShape = new int[] {HIDDEN, 2};
        putModel();
        assertThatThrownBy(this::load).isInstanceOf(ModelFormatException.class).hasMessageContainingAll(
                "q_proj.weight_scale: expected one floating-point number, or one for each of the 8 rows, found F32 [8, 2]",
                "scales of groups are not supported");
    }

    @Test
    void modulesThatAreNotConvertedStayDense() throws IOException {
        putModel();
        Weights.Layer layer = load().weights().layers().getFirst();
        assertThat(layer.value()).isInstanceOf(DenseLinear.class);
        assertThat(layer.output()).isInstanceOf(BitLinear.class);
    }

    @Test
    void refusesTensorsThatTheArchitectureDoesNotHave() throws IOException {
        putModel();
        putFloats("model.layers.0.self_attn.q_norm.weight", random(4), 4);
        assertThatThrownBy(this::load).isInstanceOf(ModelFormatException.class).hasMessageContaining(
                "model.layers.0.self_attn.q_norm.weight: expected no such tensor in this architecture, found F32 [4]");
    }

    @Test
    void addsTheBiasesThatTheConfigurationHas() throws IOException {
        putModel();
        Model model = load();
        assertThat(((BitLinear) model.weights().layers().getFirst().down()).bias()).hasSize(HIDDEN);
        LinearInput input = new LinearInput();
        Arrays.fill(input.reset(2, INNER), 0);
        float[] y = new float[2 * HIDDEN];
        model.weights().layers().getFirst().down().apply(input, y, kernels);
        float[] bias = ((BitLinear) model.weights().layers().getFirst().down()).bias();
        assertThat(Arrays.copyOf(y, HIDDEN)).isEqualTo(bias);
        assertThat(Arrays.copyOfRange(y, HIDDEN, 2 * HIDDEN)).isEqualTo(bias);
    }

    @Test
    void withoutBiasesInTheConfigurationTheirTensorsAreRefused() throws IOException {
        putModel();
        change("\"mlp_bias\": true", "\"mlp_bias\": false");
        assertThatThrownBy(this::load).isInstanceOf(ModelFormatException.class)
                .hasMessageContaining("bias: expected no such tensor");
    }
}
