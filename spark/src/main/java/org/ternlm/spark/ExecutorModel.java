package org.ternlm.spark;

import org.ternlm.generate.OpenOptions;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.SchedulerOptions;
import org.ternlm.generate.Scorer;
import org.ternlm.generate.Tern;
import org.ternlm.kernel.KvForm;
import org.ternlm.model.KvCache;

/// The open model of this Java virtual machine, which its tasks share. Safe for several threads.
final class ExecutorModel implements AutoCloseable {
    private final Tern tern;
    private final Scheduler scheduler;
    private final Scorer scorer;

    private ExecutorModel(Tern tern, Scheduler scheduler) {
        this.tern = tern;
        this.scheduler = scheduler;
        scorer = tern.scorer();
    }

    static ExecutorModel open(SparkModel model, int threads) {
        Tern tern = Tern.open(model.place().path(), OpenOptions.usual().withThreads(threads));
        try {
            return new ExecutorModel(tern, tern.scheduler(options(tern, model.sequences())));
        } catch (RuntimeException problem) {
            tern.close();
            throw problem;
        }
    }

    /// Keys and values of as many whole contexts as there may be rows at once, if a quarter of the heap holds them: most
    /// rows take far less. Each task waits for its own rows, so the queue needs no other limit.
    private static SchedulerOptions options(Tern tern, int sequences) {
        int context = tern.config().contextLength();
        long whole = KvCache.byteSize(tern.config(), KvForm.F32, context);
        long budget = Math.min(sequences * whole, Runtime.getRuntime().maxMemory() / 4);
        return new SchedulerOptions(context, sequences, Integer.MAX_VALUE, Math.max(whole, budget), KvForm.F32);
    }

    Tern tern() {
        return tern;
    }

    Scheduler scheduler() {
        return scheduler;
    }

    /// Scores within the whole context.
    Scorer scorer() {
        return scorer;
    }

    @Override
    public void close() {
        scheduler.close();
        tern.close();
    }
}
