package org.ternlm.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.TensorContent;
import org.ternlm.format.gguf.GgufEntries;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.format.gguf.GgufWriter;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.Shape;

/// Writes a model as GGUF: one tensor at a time, each read when its turn comes.
///
/// Ternary layers go into a ternary type code by code; into a type of numbers, as trit times scale. Norms and biases are
/// F32. The rows of q and k are in the order that the architecture has them ([RotaryRows]).
public final class GgufModelWriter {
    private static final WeightNames NAMES = WeightNames.GGUF;

    private final ModelSource source;
    private final WeightChoice weights;
    private final Types types;
    private final GgufArchitecture architecture;
    private final GgufEntries entries;
    private final LongConsumer progress;

    /// What is written in which type.
    ///
    /// @param linears the linear layers
    /// @param dense linear layers that are not ternary, where `linears` is a ternary type
    /// @param embedding the embedding, and the head
    /// @param int8Rows whether linear layers are int8 with a scale a row instead, which GGUF has no type for
    public record Types(GgufType linears, GgufType dense, GgufType embedding, boolean int8Rows) {

        public Types(GgufType linears, GgufType dense, GgufType embedding) {
            this(linears, dense, embedding, false);
        }

        /// Whether linear layers are stored as ternary codes.
        public boolean isTernary() {
            return GgufLayout.of(linears).isTernary();
        }
    }

    private GgufModelWriter(ModelSource source, boolean rounds, Types types, GgufArchitecture architecture,
            GgufEntries entries, LongConsumer progress) {
        this.source = source;
        this.weights = new WeightChoice(source, rounds);
        this.types = types;
        this.architecture = architecture;
        this.entries = entries;
        this.progress = progress;
    }

    /// A writer of the model `source`, with everything checked that can be without reading the weights.
    ///
    /// @param rounds whether real weights are rounded to ternary ones
    /// @param wanted the name of the architecture; without one, the one that most programs know
    /// @param entries the metadata about everything but the model's arithmetic; what is missing is put there
    /// @param progress is told of weights that have been written
    /// @throws ModelFormatException if GGUF, the architecture or a type cannot hold the model
    public static GgufModelWriter of(ModelSource source, boolean rounds, Types types, Optional<String> wanted,
            GgufEntries entries, LongConsumer progress) {
        ModelConfig config = source.config();
        Path file = source.configPath();
        GgufArchitecture architecture = GgufConfigWriter.architecture(config, wanted, file);
        entries.put("general.architecture", architecture.ggufName());
        entries.put("general.file_type", fileType(types.linears));
        entries.put("general.quantization_version", 2);
        GgufConfigWriter.put(config, architecture, file, entries);
        return new GgufModelWriter(source, rounds, types, architecture, entries, progress);
    }

    /// llama.cpp's number of the mixture that a file is, for people and for those who guess types by it.
    private static int fileType(GgufType type) {
        return switch (type) {
            case F32 -> 0;
            case F16 -> 1;
            case Q4_0 -> 2;
            case Q8_0 -> 7;
            case Q6_K -> 18;
            case BF16 -> 32;
            case TQ1_0 -> 36;
            case TQ2_0 -> 37;
            case I2_S -> 40;
            case Q1_0, Q2_0, IQ1_BN, IQ2_BN, IQ2_BN_R4 -> throw new IllegalArgumentException(type + " is not written");
        };
    }

    /// Writes the file, over what was there.
    ///
    /// @throws ModelFormatException if the model's files are damaged, or a type cannot hold what they say
    /// @throws IOException if the disk is full or the folder cannot be written; the old file is still there then
    public void write(Path path) throws IOException {
        GgufWriter writer = new GgufWriter(entries);
        ModelConfig config = source.config();
        DenseMatrix embedding = source.embedding();
        add(writer, NAMES.embedding(), embedding);
        Optional<DenseMatrix> head = source.head();
        if (head.isPresent()) {
            add(writer, NAMES.head(), head.get());
        }
        addNumbers(writer, NAMES.norm() + ".weight", source.norm());
        addNumbers(writer, GgufConfigReader.ROPE_FACTORS, GgufConfigWriter.ropeDivisors(config));
        for (int i = 0; i < config.layers(); i++) {
            for (NormRole role : NormRole.values()) {
                addNumbers(writer, NAMES.layer(i) + NAMES.norm(role) + ".weight", source.norm(i, role));
            }
            for (LinearRole role : LinearRole.values()) {
                addLinear(writer, i, role);
            }
        }
        writer.write(path);
    }

    private void add(GgufWriter writer, String place, DenseMatrix numbers) {
        String name = place + ".weight";
        checkFits(name, types.embedding, numbers.columns());
        writer.add(name, types.embedding, new Shape(numbers.rows(), numbers.columns()),
                sink -> weights.guarded(name, () -> {
                    new WeightEncoder(types.embedding).encode(numbers, sink);
                    progress.accept((long) numbers.rows() * numbers.columns());
                }));
    }

    private void addNumbers(GgufWriter writer, String name, float[] numbers) {
        if (numbers.length > 0) {
            writer.add(name, GgufType.F32, new Shape(numbers.length), TensorContent.of(WeightEncoder.floats(numbers)));
        }
    }

    private void addLinear(GgufWriter writer, int index, LinearRole role) {
        ModelConfig config = source.config();
        String place = NAMES.layer(index) + NAMES.linear(role);
        String name = place + ".weight";
        GgufType type = types.isTernary() && mayBeDense() && !weights.isTernary(index, role)
                ? types.dense
                : types.linears;
        if (architecture.isBitNet() && type != types.linears) {
            throw weights.problem(name).expected("ternary weights, as in all layers of " + architecture.ggufName())
                    .found("real ones").problem();
        }
        checkFits(name, type, role.columns(config));
        RotaryRows order = isTurned(role) ? new RotaryRows(config.headSize()) : null;
        writer.add(name, type, new Shape(role.rows(config), role.columns(config)), sink -> weights.guarded(name, () -> {
            try (Arena arena = Arena.ofConfined()) {
                encode(weights.linear(index, role, arena), new WeightEncoder(type), order, arena, sink);
            }
            progress.accept((long) role.rows(config) * role.columns(config));
        }));
        if (role.hasBias(config)) {
            try (Arena arena = Arena.ofConfined()) {
                float[] bias = source.linear(index, role, arena).bias();
                addNumbers(writer, place + ".bias", order == null ? bias : order.restore(bias));
            }
        }
    }

    /// Layers are read before their turn only where a model can have both kinds.
    private boolean mayBeDense() {
        return !source.config().unconverted().isEmpty() || !source.config().subNorms();
    }

    private boolean isTurned(LinearRole role) {
        return architecture.hasAdjacentPairs() && (role == LinearRole.QUERY || role == LinearRole.KEY);
    }

    private static void encode(LinearWeights weights, WeightEncoder encoder, @Nullable RotaryRows order, Arena arena,
            TensorContent.Sink sink) throws IOException {
        switch (weights) {
            case LinearWeights.Ternary(TernaryMatrix matrix, var _) ->
                encoder.encode(order == null ? matrix : order.restore(matrix), sink);
            case LinearWeights.Dense(DenseMatrix numbers, var _) ->
                encoder.encode(order == null ? numbers : order.restore(numbers, arena), sink);
        }
    }

    private void checkFits(String name, GgufType type, long columns) {
        if (columns % type.blockWeights() != 0) {
            List<GgufType> fitting = Arrays.stream(GgufType.values()).filter(this::isWritten)
                    .filter(other -> columns % other.blockWeights() == 0).toList();
            throw weights.problem(name)
                    .expected("rows of a multiple of %d weights for %s".formatted(type.blockWeights(), type))
                    .found(columns).hint("what fits: " + fitting).problem();
        }
    }

    private boolean isWritten(GgufType type) {
        return switch (type) {
            case F32, F16, BF16, Q8_0, Q4_0, TQ1_0, TQ2_0, I2_S -> true;
            case Q6_K, Q1_0, Q2_0, IQ1_BN, IQ2_BN, IQ2_BN_R4 -> false;
        };
    }
}
