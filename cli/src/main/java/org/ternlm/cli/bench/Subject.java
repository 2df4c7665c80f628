package org.ternlm.cli.bench;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;
import org.ternlm.cli.doctor.LinuxLimits;
import org.ternlm.command.CommandException;
import org.ternlm.command.Console;
import org.ternlm.command.Progress;
import org.ternlm.command.Unit;
import org.ternlm.kernel.Kernels;
import org.ternlm.model.Geometry;
import org.ternlm.model.HeadForm;
import org.ternlm.model.LinearKind;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RandomModel;
import org.ternlm.model.RandomModel.Weighting;
import org.ternlm.quant.DenseForm;
import org.ternlm.quant.TritCounts;

/// What is measured: a model, or random weights in a published shape.
sealed interface Subject {
    /// A name for tables.
    String name();

    /// Its weights, in memory that lives as long as `arena`.
    ///
    /// @param positions that a sequence will reach
    Model load(int positions, Kernels kernels, Arena arena, Console console);

    /// What its linear layers are made of, in a word.
    String kind(Model loaded);

    /// The -1, 0 and +1 of its linear layers.
    TritCounts trits(Model loaded, Kernels kernels);

    /// A model that somebody has.
    record Stored(Path path, HeadForm head) implements Subject {
        @Override
        public String name() {
            return path.getFileName() + Subject.suffix(head);
        }

        @Override
        public Model load(int positions, Kernels kernels, Arena arena, Console console) {
            return Model.load(path, head, kernels, arena);
        }

        @Override
        public String kind(Model loaded) {
            return loaded.config().linearKind().isTernary() ? "b158" : "dense";
        }

        @Override
        public TritCounts trits(Model loaded, Kernels kernels) {
            TritCounts[] layers = new TritCounts[loaded.config().layers()];
            kernels.workers().share(layers.length, 1, Integer.MAX_VALUE, (from, to) -> {
                for (int layer = from; layer < to; layer++) {
                    layers[layer] = loaded.trits(layer);
                }
            });
            return Arrays.stream(layers).reduce(TritCounts.NONE, TritCounts::plus);
        }
    }

    /// Random weights.
    ///
    /// @param kind what linear layers are made of, by its name in [#KINDS]
    /// @param table the form of the embedding, and of the head unless that is rounded
    /// @param head the form of the head
    record Random(Geometry geometry, String kind, DenseForm table, HeadForm head) implements Subject {
        /// Room for what is not weights.
        private static final long RESERVE = 1L << 30;

        @Override
        public String name() {
            return geometry.name() + " " + kind + Subject.suffix(head);
        }

        @Override
        public String kind(Model loaded) {
            return kind;
        }

        /// All layers have the same weights.
        @Override
        public TritCounts trits(Model loaded, Kernels kernels) {
            TritCounts one = loaded.trits(0);
            int layers = loaded.config().layers();
            return new TritCounts(layers * one.minus(), layers * one.zero(), layers * one.plus());
        }

        @Override
        public Model load(int positions, Kernels kernels, Arena arena, Console console) {
            Weighting weighting = weighting(kind);
            ModelConfig config = geometry.config(weighting instanceof Weighting.Dense
                    ? LinearKind.DENSE
                    : LinearKind.PACKED_MULTIPLY, positions);
            long bytes;
            try {
                bytes = RandomModel.byteSize(config, weighting, table, head, kernels);
            } catch (IllegalArgumentException unfit) {
                throw new CommandException(name() + ": " + unfit.getMessage(), "another kind fits any shape: f16");
            }
            long usable = LinuxLimits.ofThisMachine().usableBytes().orElse(Long.MAX_VALUE);
            if (bytes > usable - Math.min(RESERVE, usable / 4)) {
                throw new CommandException("%s does not fit: its weights take %s, and %s are usable".formatted(name(),
                        Unit.BYTES.amount(bytes), Unit.BYTES.amount(usable)));
            }
            try (Progress progress = Progress.of(console, "making " + name(), Unit.BYTES, bytes)) {
                return RandomModel.of(config, weighting, table, head, kernels, arena, progress::advance);
            }
        }
    }

    /// What linear layers of random models can be made of.
    Map<String, Weighting> KINDS = Map.of("b158", new Weighting.Ternary(), "b1", new Weighting.Sign(), "f32",
            new Weighting.Dense(DenseForm.F32), "f16", new Weighting.Dense(DenseForm.F16), "bf16",
            new Weighting.Dense(DenseForm.BF16), "int8", new Weighting.Dense(DenseForm.I8), "q8_0",
            new Weighting.Dense(DenseForm.Q8_0), "q4_0", new Weighting.Dense(DenseForm.Q4_0));

    private static String suffix(HeadForm head) {
        return head == HeadForm.FILE ? "" : ", head " + head.optionName();
    }

    /// The weighting of that name.
    static Weighting weighting(String kind) {
        Weighting weighting = KINDS.get(kind.toLowerCase(Locale.ROOT));
        if (weighting == null) {
            throw new CommandException("no weights are called " + kind, "known are "
                    + String.join(", ", new TreeSet<>(KINDS.keySet())));
        }
        return weighting;
    }
}
