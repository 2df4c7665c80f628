package org.ternlm.model;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongConsumer;
import org.ternlm.format.ModelFormatException;
import org.ternlm.format.TensorContent;
import org.ternlm.format.gguf.GgufType;
import org.ternlm.format.safetensors.SafetensorsWriter;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.Packings;
import org.ternlm.quant.TernaryMatrix;
import org.ternlm.tensor.DType;
import org.ternlm.tensor.Shape;

/// Writes a model as a Hugging Face folder: `config.json` and `model.safetensors`, one tensor at a time, each read when
/// its turn comes. Norms, scales and biases are F32.
public final class FolderModelWriter {
    private static final WeightNames NAMES = WeightNames.HUGGING_FACE;

    private final ModelSource source;
    private final WeightChoice weights;
    private final FolderForm form;
    private final GgufType embedding;
    private final LongConsumer progress;
    private final List<SafetensorsWriter.Entry> entries = new ArrayList<>();
    private final Set<String> dense = new HashSet<>();

    /// @param rounds whether real weights are rounded to ternary ones
    /// @param form of the linear layers
    /// @param embedding the type of embedding and head, F32, F16 or BF16
    /// @param progress is told of weights that have been written
    public FolderModelWriter(ModelSource source, boolean rounds, FolderForm form, GgufType embedding,
            LongConsumer progress) {
        this.source = source;
        this.weights = new WeightChoice(source, rounds);
        this.form = form;
        this.embedding = embedding;
        this.progress = progress;
    }

    /// Writes both files into `folder`, which is there.
    ///
    /// @throws ModelFormatException if the model's files are damaged, or the form cannot hold what they say
    /// @throws IOException if the disk is full or the folder cannot be written
    public void write(Path folder) throws IOException {
        ModelConfig config = source.config();
        checkConfig(config);
        add(NAMES.embedding() + ".weight", source.embedding(), embedding);
        Optional<DenseMatrix> head = source.head();
        if (head.isPresent()) {
            add(NAMES.head() + ".weight", head.get(), embedding);
        }
        addNumbers(NAMES.norm() + ".weight", source.norm());
        for (int i = 0; i < config.layers(); i++) {
            for (NormRole role : NormRole.values()) {
                addNumbers(NAMES.layer(i) + NAMES.norm(role) + ".weight", source.norm(i, role));
            }
            for (LinearRole role : LinearRole.values()) {
                addLinear(i, role);
            }
        }
        SafetensorsWriter.writeEntries(folder.resolve("model.safetensors"), entries, Map.of("format", "pt"));
        ConfigWriter.write(config.withLinearKind(form.kind()).withUnconverted(dense), folder);
    }

    private void checkConfig(ModelConfig config) {
        if (config.inputNorms() && !form.isPacked()) {
            throw weights.problem("use_rms_norm").expected("no norms inside BitLinear for " + form)
                    .found("some").hint("a packed form has a place for them").problem();
        }
        try {
            ConfigWriter.json(config);
        } catch (IllegalArgumentException e) {
            throw ModelFormatException.in(source.configPath()).expected("a model that config.json can describe")
                    .found(e.getMessage()).cause(e).problem();
        }
    }

    private void add(String name, DenseMatrix numbers, GgufType type) {
        entries.add(new SafetensorsWriter.Entry(name, plain(type), new Shape(numbers.rows(), numbers.columns()),
                sink -> weights.guarded(name, () -> {
                    new WeightEncoder(type).encode(numbers, sink);
                    progress.accept((long) numbers.rows() * numbers.columns());
                })));
    }

    private void addNumbers(String name, float[] numbers) {
        if (numbers.length > 0) {
            entries.add(new SafetensorsWriter.Entry(name, DType.F32, new Shape(numbers.length),
                    TensorContent.of(WeightEncoder.floats(numbers))));
        }
    }

    private void addLinear(int index, LinearRole role) {
        String place = NAMES.layer(index) + NAMES.linear(role);
        int rows = role.rows(source.config());
        int columns = role.columns(source.config());
        boolean packed = form.isPacked() && weights.isTernary(index, role);
        if (packed) {
            addPacked(index, role, place, rows, columns);
        } else if (form == FolderForm.INT8) {
            addInt8(index, role, place, rows, columns);
        } else {
            GgufType type = form.isPacked() ? embedding : form.numbers();
            entries.add(new SafetensorsWriter.Entry(place + ".weight", plain(type), new Shape(rows, columns),
                    sink -> weights.guarded(place, () -> {
                        encode(index, role, new WeightEncoder(type), sink);
                        progress.accept((long) rows * columns);
                    })));
        }
        if (form.isPacked() && !packed) {
            dense.add(place);
        }
        addNumbers(place + WeightNames.INPUT_NORM + ".weight", source.inputNorm(index, role));
        if (role.hasBias(source.config())) {
            try (Arena arena = Arena.ofConfined()) {
                addNumbers(place + ".bias", source.linear(index, role, arena).bias());
            }
        }
    }

    private void addPacked(int index, LinearRole role, String place, int rows, int columns) {
        entries.add(new SafetensorsWriter.Entry(place + ".weight", DType.U8, new Shape(Math.ceilDiv(rows, 4), columns),
                sink -> {
                    try (Arena arena = Arena.ofConfined()) {
                        MemorySegment codes = arena.allocate(Packings.HUGGING_FACE_U8.byteSize(rows, columns));
                        Packings.HUGGING_FACE_U8.encode(ternary(index, role, arena), codes);
                        sink.accept(codes);
                        progress.accept((long) rows * columns);
                    }
                }));
        int scales = scales(index, role, place).length;
        entries.add(new SafetensorsWriter.Entry(place + ".weight_scale", DType.F32, new Shape(scales),
                sink -> sink.accept(WeightEncoder.floats(scales(index, role, place)))));
    }

    /// Rows are rounded twice, for the scales and for the weights, so that neither waits for the other in memory.
    private void addInt8(int index, LinearRole role, String place, int rows, int columns) {
        entries.add(new SafetensorsWriter.Entry(place + ".weight", DType.I8, new Shape(rows, columns),
                sink -> weights.guarded(place, () -> {
                    roundRows(index, role, (row, codes, scale) -> sink.accept(codes));
                    progress.accept((long) rows * columns);
                })));
        entries.add(new SafetensorsWriter.Entry(place + ".weight_scale", DType.F32, new Shape(rows, 1),
                sink -> weights.guarded(place, () -> {
                    float[] scales = new float[rows];
                    roundRows(index, role, (row, codes, scale) -> scales[row] = scale);
                    sink.accept(WeightEncoder.floats(scales));
                })));
    }

    private interface RoundedRow {
        void accept(int row, MemorySegment codes, float scale) throws IOException;
    }

    private void roundRows(int index, LinearRole role, RoundedRow rounded) throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            switch (weights.linear(index, role, arena)) {
                case LinearWeights.Ternary(TernaryMatrix matrix, var _) ->
                    roundRows(matrix.rows(), matrix.columns(), WeightEncoder.rows(matrix), rounded);
                case LinearWeights.Dense(DenseMatrix matrix, var _) -> {
                    if (matrix.form() != DenseForm.I8) {
                        roundRows(matrix.rows(), matrix.columns(), matrix::decodeRow, rounded);
                        break;
                    }
                    for (int row = 0; row < matrix.rows(); row++) {
                        rounded.accept(row, matrix.data().asSlice(row * matrix.rowBytes(), matrix.rowBytes()),
                                matrix.rowScale(row));
                    }
                }
            }
        }
    }

    private static void roundRows(int rows, int columns, WeightEncoder.Rows values, RoundedRow rounded)
            throws IOException {
        float[] numbers = new float[columns];
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment codes = arena.allocate(columns);
            for (int row = 0; row < rows; row++) {
                values.read(row, numbers, 0);
                rounded.accept(row, codes, DenseForm.I8.encode(numbers, 0, columns, codes));
            }
        }
    }

    /// One for the matrix, or one a row, as they are stored.
    private float[] scales(int index, LinearRole role, String place) {
        try (Arena arena = Arena.ofConfined()) {
            float[] scales = ternary(index, role, arena).weightScales().clone();
            for (int i = 0; i < scales.length; i++) {
                float stored = form == FolderForm.BITLINEAR ? 1 / scales[i] : scales[i];
                if (!Float.isFinite(stored) || stored <= 0) {
                    throw weights.problem(place).expected("a positive scale").found(scales[i]).problem();
                }
                scales[i] = stored;
            }
            return scales;
        }
    }

    private TernaryMatrix ternary(int index, LinearRole role, Arena arena) {
        return ((LinearWeights.Ternary) weights.linear(index, role, arena)).matrix();
    }

    private void encode(int index, LinearRole role, WeightEncoder encoder, TensorContent.Sink sink)
            throws IOException {
        try (Arena arena = Arena.ofConfined()) {
            switch (weights.linear(index, role, arena)) {
                case LinearWeights.Ternary(TernaryMatrix matrix, var _) -> encoder.encode(matrix, sink);
                case LinearWeights.Dense(DenseMatrix numbers, var _) -> encoder.encode(numbers, sink);
            }
        }
    }

    private static DType plain(GgufType type) {
        return Objects.requireNonNull(GgufLayout.of(type).plain(), type.name());
    }
}
