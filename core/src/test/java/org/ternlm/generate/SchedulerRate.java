package org.ternlm.generate;

import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.ternlm.Fixtures;
import org.ternlm.kernel.KernelSelection;
import org.ternlm.kernel.Kernels;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.Decoder;
import org.ternlm.model.Geometry;
import org.ternlm.model.HeadForm;
import org.ternlm.model.KvCache;
import org.ternlm.model.LinearKind;
import org.ternlm.model.Model;
import org.ternlm.model.ModelConfig;
import org.ternlm.model.RandomModel;
import org.ternlm.quant.DenseForm;
import org.ternlm.tokenizer.Tokenizer;

/// How many tokens a second concurrent requests get from a scheduler, and how many the bare decoder makes of as many
/// sequences, by turns. Random weights; no test, `docs/scheduler.md` says how to run it.
final class SchedulerRate {
    private static final System.Logger LOG = System.getLogger("scheduler");
    private static final int CONTEXT = 1024;
    private static final KvForm FORM = KvForm.BF16;

    private final Engine engine;
    private final Decoder decoder;
    private final Tokenizer tokenizer;
    private final int sequences;
    private final int tokens;

    private SchedulerRate(Model model, Kernels kernels, Tokenizer tokenizer, int sequences, int tokens) {
        engine = new Engine(Path.of("random"), model, kernels);
        decoder = new Decoder(model, kernels);
        this.tokenizer = tokenizer;
        this.sequences = sequences;
        this.tokens = tokens;
    }

    /// Takes a geometry's name, how many sequences, tokens of each, rounds, and threads.
    public static void main(String[] args) throws InterruptedException {
        ModelConfig config = Geometry.named(args[0]).orElseThrow().config(LinearKind.PACKED_MULTIPLY, CONTEXT);
        try (Arena arena = Arena.ofShared();
                Kernels kernels = KernelSelection.choose().open(Integer.parseInt(args[4]))) {
            Model model = RandomModel.of(config, new RandomModel.Weighting.Ternary(), DenseForm.BF16,
                    HeadForm.FOUR_BIT, kernels, arena, bytes -> {});
            SchedulerRate rate = new SchedulerRate(model, kernels, tokenizer(), Integer.parseInt(args[1]),
                    Integer.parseInt(args[2]));
            for (int round = 0; round < Integer.parseInt(args[3]); round++) {
                double bare = rate.bare();
                double scheduled = rate.scheduled();
                LOG.log(System.Logger.Level.INFO, "decoder %.1f, scheduler %.1f tokens/s: %.3f".formatted(bare,
                        scheduled, scheduled / bare));
            }
        }
    }

    /// Its pieces are not those of the weights, which say nothing anyway.
    private static Tokenizer tokenizer() {
        try (Tern tern = Tern.open(Fixtures.bundledModel(), 1)) {
            return tern.tokenizer();
        }
    }

    private double bare() {
        List<KvCache> caches = IntStream.range(0, sequences).mapToObj(i -> new KvCache(decoder.config(), FORM))
                .toList();
        int[] next = new int[sequences];
        Arrays.setAll(next, i -> 100 + i);
        long start = System.nanoTime();
        for (int token = 0; token < tokens; token++) {
            List<Decoder.Step> steps = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                steps.add(Decoder.Step.next(caches.get(i), next[i]));
            }
            decoder.forward(steps, (step, index, logits, offset) -> next[step] = LogProbabilities.mostLikely(logits,
                    offset, decoder.config().vocabularySize()));
        }
        return rate(start);
    }

    private double scheduled() throws InterruptedException {
        try (Scheduler scheduler = Scheduler.start(engine, tokenizer, new SchedulerOptions(CONTEXT, sequences, 0,
                4L << 30, FORM))) {
            long start = System.nanoTime();
            List<Ticket> tickets = new ArrayList<>();
            for (int i = 0; i < sequences; i++) {
                tickets.add(scheduler.submit(GenerationRequest.of(100 + i).withMaxTokens(tokens).withIgnoreEos(true),
                        event -> {}));
            }
            for (Ticket ticket : tickets) {
                ticket.await();
            }
            return rate(start);
        }
    }

    private double rate(long start) {
        return sequences * tokens * 1e9 / (System.nanoTime() - start);
    }
}
