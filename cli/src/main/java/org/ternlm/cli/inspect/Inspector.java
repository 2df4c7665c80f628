package org.ternlm.cli.inspect;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongConsumer;
import org.ternlm.command.CommandException;
import org.ternlm.command.Unit;
import org.ternlm.format.ModelFormatException;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;
import org.ternlm.kernel.TernaryKernel;
import org.ternlm.model.HeadForm;
import org.ternlm.model.LinearRole;
import org.ternlm.model.LinearWeights;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.ModelSource;
import org.ternlm.model.NormRole;
import org.ternlm.quant.DenseMatrix;
import org.ternlm.quant.TritCounts;
import org.ternlm.tokenizer.Tokenizer;

/// Reads every weight of a model once, layer by layer, and counts.
final class Inspector {
    private final ModelSource source;
    private final HeadForm headForm;
    private final Kernels kernels;
    private final LongConsumer progress;
    private final AtomicLong runBytes = new AtomicLong();

    private Inspector(ModelSource source, HeadForm headForm, Kernels kernels, LongConsumer progress) {
        this.source = source;
        this.headForm = headForm;
        this.kernels = kernels;
        this.progress = progress;
    }

    /// Looks at the model in `path`.
    ///
    /// @param head what the head is to be made of
    /// @param positions to count memory and work for; 0 for the whole context
    /// @param form what keys and values are kept as
    /// @param progress hears of weights as they are read
    /// @throws ModelFormatException if it is damaged or holds what Tern does not support
    static Inspection inspect(Path path, HeadForm head, Kernels kernels, KernelSelection selection, int positions,
            KvForm form, LongConsumer progress) {
        try (Arena arena = Arena.ofShared()) {
            ModelSource source = ModelSource.open(path, kernels.workers(), arena);
            ModelConfig config = source.config();
            if (positions > config.contextLength()) {
                throw new CommandException("--context: expected at most %,d, which is all that the model has, found %,d"
                        .formatted(config.contextLength(), positions));
            }
            Inspector inspector = new Inspector(source, head, kernels, progress);
            LayerTrits[] layers = inspector.layers();
            String headWords = inspector.vocabulary();
            source.checkNothingLeft();
            return new Inspection(path, config, tokenizer(path), source.tensors(), Arrays.asList(layers),
                    inspector.runBytes.get(), kernels.ternary().packing().name(), headWords, selection,
                    positions == 0 ? config.contextLength() : positions, form);
        }
    }

    private LayerTrits[] layers() {
        LayerTrits[] layers = new LayerTrits[source.config().layers()];
        kernels.workers().share(layers.length, 1, 1_000_000, (from, to) -> {
            for (int i = from; i < to; i++) {
                layers[i] = layer(i);
            }
        });
        return layers;
    }

    private LayerTrits layer(int index) {
        Map<LinearRole, TritCounts> counts = new EnumMap<>(LinearRole.class);
        for (NormRole role : NormRole.values()) {
            runBytes.addAndGet(4L * source.norm(index, role).length);
        }
        for (LinearRole role : LinearRole.values()) {
            // What is decoded for one matrix is given back before the next.
            try (Arena arena = Arena.ofConfined()) {
                LinearWeights weights = source.linear(index, role, arena);
                runBytes.addAndGet(4L * (weights.bias().length + source.inputNorm(index, role).length));
                switch (weights) {
                    case LinearWeights.Ternary ternary -> {
                        counts.put(role, TritCounts.of(ternary.matrix()));
                        runBytes.addAndGet(ternaryBytes(ternary));
                    }
                    case LinearWeights.Dense dense -> runBytes.addAndGet(dense.numbers().data().byteSize());
                }
            }
            progress.accept((long) role.rows(source.config()) * role.columns(source.config()));
        }
        return new LayerTrits(counts);
    }

    private long ternaryBytes(LinearWeights.Ternary weights) {
        TernaryKernel kernel = kernels.ternaryFor(weights.matrix());
        return kernel.packing().byteSize(weights.matrix().rows(), weights.matrix().columns())
                + 4L * weights.matrix().weightScales().length;
    }

    /// Counts what maps tokens, and says what the head is made of. A head that is rounded leaves that of the file unread.
    private String vocabulary() {
        DenseMatrix embedding = source.embedding();
        DenseMatrix head = source.head().orElse(embedding);
        runBytes.addAndGet(embedding.data().byteSize() + 4L * source.norm().length);
        if (headForm == HeadForm.FILE) {
            runBytes.addAndGet(head.equals(embedding) ? 0 : head.data().byteSize());
            return head.form() + (head.equals(embedding) ? ", the embedding" : "");
        }
        runBytes.addAndGet(headForm.addedBytes(head.rows(), head.columns()));
        return headForm.optionName() + ", made from " + head.form() + ": "
                + Unit.BYTES.amount(headForm.addedBytes(head.rows(), head.columns()));
    }

    /// A model without its tokenizer is worth looking at, too.
    private static String tokenizer(Path path) {
        try {
            Tokenizer tokenizer = Tokenizer.load(path);
            return "%,d tokens, BOS %s%s, EOS %s".formatted(tokenizer.vocabularySize(),
                    token(tokenizer, tokenizer.bosId()), tokenizer.addsBos() ? " (added)" : "",
                    token(tokenizer, tokenizer.eosId()));
        } catch (IOException | ModelFormatException problem) {
            return "cannot be read: " + problem.getMessage();
        }
    }

    private static String token(Tokenizer tokenizer, OptionalInt id) {
        return id.isEmpty() ? "none" : id.getAsInt() + " " + tokenizer.piece(id.getAsInt());
    }
}
