package org.ternlm.model;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.format.gguf.GgufMetadata;
import org.ternlm.format.gguf.GgufTensor;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;
import org.ternlm.tensor.Tensor;

/// Reads a [ModelConfig] out of GGUF metadata. Keys of the architecture that are not known here are refused: they could
/// change the arithmetic.
final class GgufConfigReader {
    private static final int LARGEST = 1 << 24;
    private static final String EMBEDDING = WeightNames.GGUF.embedding() + ".weight";
    private static final String HEAD = WeightNames.GGUF.head() + ".weight";
    /// How Llama 3's long contexts are stretched, already worked out.
    static final String ROPE_FACTORS = "rope_freqs.weight";
    private static final Set<String> KNOWN = Set.of("vocab_size", "context_length", "embedding_length", "block_count",
            "feed_forward_length", "attention.head_count", "attention.head_count_kv", "attention.key_length",
            "attention.value_length", "attention.layer_norm_rms_epsilon", "rope.dimension_count", "rope.freq_base",
            "rope.scaling.type", "rope.scaling.factor", "rope.scaling.original_context_length",
            "rope.scaling.finetuned", "rope.scale_linear", "expert_count", "expert_used_count", "tensor_data_layout");

    private final GgufFile file;
    private final GgufMetadata metadata;
    private final GgufArchitecture architecture;

    private GgufConfigReader(GgufFile file) {
        this.file = file;
        metadata = file.metadata();
        architecture = architecture(metadata);
    }

    /// @throws ModelFormatException if a value is missing, impossible or not supported
    static ModelConfig read(GgufFile file) {
        return new GgufConfigReader(file).read();
    }

    /// @throws ModelFormatException if it is not supported
    static GgufArchitecture architecture(GgufMetadata metadata) {
        String name = metadata.text("general.architecture");
        return GgufArchitecture.named(name).orElseThrow(
                () -> metadata.wrong("general.architecture", "one of " + GgufArchitecture.names()));
    }

    private ModelConfig read() {
        checkWhole();
        int hidden = size("embedding_length");
        int heads = size("attention.head_count");
        int headSize = headSize(hidden, heads);
        int keyValueHeads = metadata.values().containsKey(key("attention.head_count_kv"))
                ? size("attention.head_count_kv")
                : heads;
        if (heads % keyValueHeads != 0) {
            throw wrong("attention.head_count_kv", "a divisor of the %d heads".formatted(heads));
        }
        int layers = size("block_count");
        // No layer without tensors: a hostile count must not make Tern loop or allocate before it notices.
        if (layers > file.tensors().size()) {
            throw wrong("block_count", "no more layers than the %d tensors of the file".formatted(file.tensors()
                    .size()));
        }
        int inner = size("feed_forward_length");
        int vocabulary = vocabulary();
        checkActivation(hidden, inner, layers);
        return new ModelConfig(architecture.ggufName(), vocabulary, hidden, inner, layers, heads, keyValueHeads,
                headSize, size("context_length"), epsilon(), architecture.activation(), ropeTheta(),
                ropeScaling(headSize),
                tiedHead(), architecture.isBitNet(), architecture.hasHeadNorms(), -1, has("blk.0.attn_q.bias"),
                has("blk.0.ffn_up.bias"), linearKind(),
                Set.of(), token("bos", vocabulary).orElse(-1), eosIds(vocabulary));
    }

    private void checkWhole() {
        if (metadata.optionalText("general.type").orElse("model").equals("model")) {
            for (String name : metadata.keys()) {
                String prefix = architecture.ggufName() + ".";
                if (name.startsWith(prefix) && !KNOWN.contains(name.substring(prefix.length()))) {
                    throw metadata.wrong(name, "no such setting in this architecture");
                }
            }
        } else {
            throw metadata.wrong("general.type", "model");
        }
        check("split.count", metadata.optionalWhole("split.count").orElse(1) <= 1, "one file (merge the parts first)");
        check("general.quantization_version", metadata.optionalWhole("general.quantization_version").orElse(2) == 2,
                "2");
        check(key("expert_count"), metadata.optionalWhole(key("expert_count")).orElse(0) == 0,
                "0 (mixtures of experts are not supported)");
    }

    private void check(String name, boolean sound, String expected) {
        if (!sound) {
            throw metadata.wrong(name, expected);
        }
    }

    /// llama.cpp's converter writes 2B4T under the name of the older BitNet models, whose activation is another. It would
    /// speak, and worse.
    private void checkActivation(int hidden, int inner, int layers) {
        if (architecture == GgufArchitecture.BITNET && hidden == 2560 && inner == 6912 && layers == 30) {
            throw metadata.problem("general.architecture").expected("bitnet-b1.58 for a model of this shape")
                    .found("bitnet").hint("this is 2B4T, and under this name its activation would be SiLU instead of "
                            + "ReLU²; take the published GGUF file or the Hugging Face folder")
                    .problem();
        }
    }

    private int headSize(int hidden, int heads) {
        int headSize = hidden / heads;
        if (metadata.values().containsKey(key("attention.key_length"))) {
            headSize = size("attention.key_length");
            check(key("attention.value_length"), size("attention.value_length") == headSize,
                    headSize + ", the size of keys");
        } else if (hidden % heads != 0) {
            throw wrong("embedding_length", "a multiple of the %d heads".formatted(heads));
        }
        if (headSize % 2 != 0 || (long) heads * headSize > LARGEST) {
            throw metadata.problem(key("attention.head_count")).expected("heads of an even size, together at most "
                    + LARGEST).found("%d of %d".formatted(heads, headSize)).problem();
        }
        check(key("rope.dimension_count"),
                metadata.optionalWhole(key("rope.dimension_count")).orElse(headSize) == headSize,
                headSize + ", the size of a head");
        return headSize;
    }

    private int vocabulary() {
        GgufTensor embedding = file.tensors().get(EMBEDDING);
        if (embedding == null) {
            throw ModelFormatException.in(file.path()).at(EMBEDDING).expected("a tensor").found("none")
                    .hint(file.tensors().isEmpty() ? "the file holds a vocabulary only" : "not a language model?")
                    .problem();
        }
        return metadata.values().containsKey(key("vocab_size"))
                ? size("vocab_size")
                : (int) Math.min(LARGEST, embedding.shape().dimension(0));
    }

    private float epsilon() {
        String name = key("attention.layer_norm_rms_epsilon");
        double value = metadata.number(name);
        check(name, value >= 0 && value <= 1, "0 to 1");
        return (float) value;
    }

    private double ropeTheta() {
        double theta = metadata.optionalNumber(key("rope.freq_base")).orElse(10_000);
        check(key("rope.freq_base"), theta > 0 && Double.isFinite(theta), "a positive number");
        return theta;
    }

    private RopeScaling ropeScaling(int headSize) {
        RopeScaling scaling = ropeScaling();
        GgufTensor tensor = file.tensors().get(ROPE_FACTORS);
        if (tensor == null) {
            return scaling;
        }
        if (!(scaling instanceof RopeScaling.None)) {
            throw wrong("rope.scaling.type", "none beside the tensor " + ROPE_FACTORS);
        }
        ModelFormatException.Problem problem = ModelFormatException.in(file.path()).at(ROPE_FACTORS);
        if (tensor.type() != GgufType.F32 || !tensor.shape().equals(new Shape(headSize / 2))) {
            throw problem.expected("F32 [%d], a factor for each pair".formatted(headSize / 2))
                    .found(tensor.type() + " " + tensor.shape()).problem();
        }
        List<Float> factors = new ArrayList<>();
        for (float factor : new Tensor(ROPE_FACTORS, DType.F32, tensor.shape(), tensor.data()).floats()) {
            if (!(factor > 0) || Float.isInfinite(factor)) {
                throw problem.expected("positive numbers").found(factor).problem();
            }
            factors.add(factor);
        }
        return new RopeScaling.Factors(factors);
    }

    private RopeScaling ropeScaling() {
        OptionalDouble factor = metadata.optionalNumber(key("rope.scaling.factor"));
        if (factor.isEmpty()) {
            factor = metadata.optionalNumber(key("rope.scale_linear"));
        }
        Optional<String> type = metadata.optionalText(key("rope.scaling.type"));
        return switch (type.orElse(factor.isEmpty() ? "none" : "linear")) {
            case "none" -> new RopeScaling.None();
            case "linear" -> {
                double value = factor.orElseThrow(() -> wrong("rope.scaling.factor", "a number"));
                check(key("rope.scaling.factor"), value > 0 && Double.isFinite(value), "a positive number");
                yield value == 1 ? new RopeScaling.None() : new RopeScaling.Linear(value);
            }
            default -> throw wrong("rope.scaling.type", "none or linear");
        };
    }

    private boolean tiedHead() {
        if (architecture == GgufArchitecture.BITNET && has(HEAD)) {
            throw ModelFormatException.in(file.path()).at(HEAD).expected("no such tensor in this architecture")
                    .found(Objects.requireNonNull(file.tensors().get(HEAD)).type()).problem();
        }
        return !has(HEAD);
    }

    private LinearKind linearKind() {
        boolean ternary = architecture.isBitNet() || file.tensors().values().stream()
                .anyMatch(tensor -> GgufLayout.of(tensor.type()).isTernary() && tensor.name().startsWith("blk."));
        return ternary ? LinearKind.PACKED_MULTIPLY : LinearKind.DENSE;
    }

    private Set<Integer> eosIds(int vocabulary) {
        Set<Integer> ids = new HashSet<>();
        for (String name : new String[] {"eos", "eot", "eom"}) {
            token(name, vocabulary).ifPresent(ids::add);
        }
        return ids;
    }

    private Optional<Integer> token(String name, int vocabulary) {
        String key = "tokenizer.ggml." + name + "_token_id";
        OptionalLong id = metadata.optionalWhole(key);
        if (id.isEmpty()) {
            return Optional.empty();
        }
        check(key, id.getAsLong() >= 0 && id.getAsLong() < vocabulary,
                "a token of the vocabulary, 0 to " + (vocabulary - 1));
        return Optional.of((int) id.getAsLong());
    }

    private int size(String name) {
        long value = metadata.whole(key(name));
        check(key(name), value >= 1 && value <= LARGEST, "a whole number from 1 to " + LARGEST);
        return (int) value;
    }

    private boolean has(String tensor) {
        return file.tensors().containsKey(tensor);
    }

    private String key(String name) {
        return architecture.ggufName() + "." + name;
    }

    private ModelFormatException wrong(String name, String expected) {
        return metadata.wrong(key(name), expected);
    }
}
