package org.ternlm.model;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.ternlm.format.gguf.GgufBuilder;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.format.huggingface.ModelFolder;
import org.ternlm.kernel.Kernels;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.Packing;
import org.ternlm.quant.RoundingBlocks;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.BFloat16;
import org.ternlm.tensor.DType;

/// Writes Hugging Face folders as GGUF, for tests: with the codes, scales and numbers that the folder has.
public final class GgufConversion {
    private final ModelFolder folder;
    private final ModelConfig config;
    private final Weights weights;
    private final String architecture;
    private final GgufType linears;
    private final GgufType numbers;
    private final GgufBuilder file = new GgufBuilder();

    private GgufConversion(ModelFolder folder, Model model, String architecture, GgufType linears,
            GgufType numbers) {
        this.folder = folder;
        this.config = model.config();
        this.weights = model.weights();
        this.architecture = architecture;
        this.linears = linears;
        this.numbers = numbers;
    }

    /// @param architecture what the file calls it
    /// @param linears the type of the linear layers; numbers get their scales multiplied in
    /// @param numbers the type of embedding and head
    public static GgufBuilder of(Path path, String architecture, GgufType linears, GgufType numbers) {
        try (Arena arena = Arena.ofShared(); Kernels kernels = GoldenLogitsTest.kernels("scalar")) {
            GgufConversion conversion = new GgufConversion(ModelFolder.open(path, arena), Model.load(path, kernels,
                    arena), architecture, linears, numbers);
            conversion.putConfig();
            conversion.putTensors();
            return conversion.file;
        }
    }

    private void put(String key, int value) {
        file.put(architecture + "." + key, value);
    }

    private void putConfig() {
        file.put("general.architecture", architecture).put("general.name", "a test");
        put("vocab_size", config.vocabularySize());
        put("context_length", config.contextLength());
        put("embedding_length", config.hiddenSize());
        put("block_count", config.layers());
        put("feed_forward_length", config.feedForwardSize());
        put("rope.dimension_count", config.headSize());
        put("attention.key_length", config.headSize());
        put("attention.value_length", config.headSize());
        put("attention.head_count", config.heads());
        put("attention.head_count_kv", config.keyValueHeads());
        file.put(architecture + ".attention.layer_norm_rms_epsilon", config.normEpsilon());
        file.put(architecture + ".rope.freq_base", (float) config.ropeTheta());
        if (config.bosId() >= 0) {
            file.put("tokenizer.ggml.bos_token_id", config.bosId());
        }
        config.eosIds().stream().limit(1).forEach(id -> file.put("tokenizer.ggml.eos_token_id", id));
    }

    private void putTensors() {
        putNumbers("token_embd.weight", weights.embedding());
        if (!config.tiedHead()) {
            putNumbers("output.weight", DenseMatrix.of(Objects.requireNonNull(folder.tensor("lm_head.weight"))));
        }
        file.tensor("output_norm.weight", weights.norm(), config.hiddenSize());
        for (int i = 0; i < config.layers(); i++) {
            Weights.Layer layer = weights.layers().get(i);
            String prefix = "blk." + i + ".";
            putNorm(prefix + "attn_norm.weight", layer.attentionNorm());
            putNorm(prefix + "attn_sub_norm.weight", layer.attentionSubNorm());
            putNorm(prefix + "ffn_norm.weight", layer.feedForwardNorm());
            putNorm(prefix + "ffn_sub_norm.weight", layer.feedForwardSubNorm());
            putNorm(prefix + "attn_q_norm.weight", layer.queryNorm());
            putNorm(prefix + "attn_k_norm.weight", layer.keyNorm());
            put(prefix + "attn_q.weight", layer.query(), config.heads());
            put(prefix + "attn_k.weight", layer.key(), config.keyValueHeads());
            put(prefix + "attn_v.weight", layer.value(), 0);
            put(prefix + "attn_output.weight", layer.output(), 0);
            put(prefix + "ffn_gate.weight", layer.gate(), 0);
            put(prefix + "ffn_up.weight", layer.up(), 0);
            put(prefix + "ffn_down.weight", layer.down(), 0);
        }
    }

    private void putNorm(String name, float[] gain) {
        if (gain.length > 0) {
            file.tensor(name, gain, gain.length);
        }
    }

    private void putNumbers(String name, DenseMatrix matrix) {
        file.tensor(name, numbers, as(numbers, matrix.floats()), matrix.columns(), matrix.rows());
    }

    private void put(String name, Linear linear, int rotaryHeads) {
        int heads = architecture.equals("llama") ? rotaryHeads : 0;
        byte[] data = switch (linear) {
            case DenseLinear dense -> as(linears, turned(dense.weights().floats(), dense.rows(), heads));
            case IntegerLinear integers -> throw new IllegalArgumentException("only heads are rounded: " + integers);
            case BitLinear ternary -> {
                TernaryMatrix matrix = matrix(ternary, heads);
                Packing packing = GgufLayout.of(linears).packing();
                if (packing == null) {
                    yield as(linears, numbers(matrix));
                }
                byte[] packed = new byte[(int) packing.byteSize(matrix.rows(), matrix.columns())];
                packing.encode(matrix, MemorySegment.ofArray(packed));
                yield packed;
            }
        };
        file.tensor(name, linears, data, linear.columns(), linear.rows());
        float[] bias = switch (linear) {
            case DenseLinear dense -> dense.bias();
            case IntegerLinear integers -> throw new IllegalArgumentException("only heads are rounded: " + integers);
            case BitLinear ternary -> ternary.bias();
        };
        if (bias.length > 0) {
            file.tensor(name.replace(".weight", ".bias"), turned(bias, bias.length, heads), bias.length);
        }
    }

    private TernaryMatrix matrix(BitLinear linear, int heads) {
        TernaryMatrix matrix = linear.packing().decode(linear.codes(), linear.rows(), linear.columns(),
                linear.weightScales());
        float[] trits = new float[matrix.trits().length];
        for (int i = 0; i < trits.length; i++) {
            trits[i] = matrix.trits()[i];
        }
        float[] turned = turned(trits, linear.rows(), heads);
        byte[] bytes = new byte[turned.length];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) turned[i];
        }
        return new TernaryMatrix(linear.rows(), linear.columns(), bytes, matrix.weightScales());
    }

    private static float[] numbers(TernaryMatrix matrix) {
        float[] numbers = new float[matrix.trits().length];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = matrix.trits()[i] * matrix.weightScale(i / matrix.columns());
        }
        return numbers;
    }

    /// The rows of each head in the order of the converter: reshape to `[2, half]`, swap, flatten.
    private static float[] turned(float[] matrix, int rows, int heads) {
        if (heads == 0) {
            return matrix;
        }
        int columns = matrix.length / rows;
        int half = rows / heads / 2;
        float[] turned = new float[matrix.length];
        int to = 0;
        for (int head = 0; head < heads; head++) {
            for (int j = 0; j < half; j++) {
                for (int s : List.of(0, 1)) {
                    System.arraycopy(matrix, ((head * 2 + s) * half + j) * columns, turned, columns * to++, columns);
                }
            }
        }
        return turned;
    }

    private static byte[] as(GgufType type, float[] numbers) {
        if (GgufLayout.of(type).blocks() instanceof RoundingBlocks blocks) {
            byte[] rounded = new byte[numbers.length / blocks.blockWeights() * blocks.blockBytes()];
            blocks.encode(numbers, 0, numbers.length, MemorySegment.ofArray(rounded));
            return rounded;
        }
        DType plain = Objects.requireNonNull(GgufLayout.of(type).plain());
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        MemorySegment buffer = MemorySegment.ofArray(new byte[4]);
        for (float number : numbers) {
            switch (plain) {
                case F32 -> buffer.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, number);
                case F16 -> buffer.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0, Float.floatToFloat16(number));
                case BF16 -> buffer.set(ValueLayout.JAVA_SHORT_UNALIGNED, 0,
                        BFloat16.fromFloat(number));
                default -> throw new IllegalArgumentException(type.name());
            }
            bytes.write((byte[]) buffer.heapBase().orElseThrow(), 0, plain.bytes());
        }
        return bytes.toByteArray();
    }
}
