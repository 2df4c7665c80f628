package org.ternlm.generate;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.ternlm.model.KvPool;
import org.ternlm.tokenizer.Tokenizer;

/// Generates for many requests at once: they join and leave between steps, and share each pass over the weights. Every
/// answer is what a [Session] gives alone.
///
/// Keys and values of what was passed are kept within the budget, and prompts that begin alike share them. A request
/// that may not fit beside those that run waits for its turn; the first that came is the first served.
///
/// Listeners are called by the one thread that drives the model: one that takes long holds all others up, and one that
/// waits for this scheduler waits for ever. What a listener throws ends its own request alone. What the model throws
/// ends all of them, and the scheduler.
///
/// Safe for several threads. Close it before its [Tern].
public final class Scheduler implements AutoCloseable {
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final SchedulerOptions options;
    private final long budget;
    private final Batch batch;
    private final Thread thread = new Thread(this::run, "tern-scheduler");
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // Under the lock.
    private final Deque<Sequence> queue = new ArrayDeque<>();
    private final Set<Ticket> open = new HashSet<>();
    private SchedulerState progress;
    private boolean firstMustWait;
    private boolean closed;
    private @Nullable Throwable failure;

    private Scheduler(Engine engine, Tokenizer tokenizer, SchedulerOptions options) {
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.options = options;
        KvPool pool = engine.newPool(options.form());
        budget = options.cacheBytes() / pool.blockBytes();
        batch = new Batch(engine, pool, budget);
        progress = batch.state();
    }

    static Scheduler start(Engine engine, Tokenizer tokenizer, SchedulerOptions options) {
        Scheduler scheduler = new Scheduler(engine, tokenizer, options);
        scheduler.thread.setDaemon(true);
        scheduler.thread.start();
        return scheduler;
    }

    /// What it may use.
    public SchedulerOptions options() {
        return options;
    }

    /// Takes a request; `listener` hears of it on the scheduler's thread, and must not block it.
    ///
    /// @throws IllegalArgumentException if the prompt does not fit into the context, holds unknown tokens, or may take
    /// more memory than there is for all
    /// @throws SchedulerFullException if the queue is full
    /// @throws IllegalStateException if it is closed
    /// @throws RuntimeException what ended the scheduler, if the model failed
    public Ticket submit(GenerationRequest request, Consumer<GenerationEvent> listener) {
        check(request);
        Ticket ticket = new Ticket();
        Sequence sequence = new Sequence(request, listener, ticket, tokenizer, engine.config(),
                options.contextLength());
        lock.lock();
        try {
            if (failure != null) {
                throw Ticket.unchecked(failure);
            }
            if (closed) {
                throw new IllegalStateException("the scheduler is closed");
            }
            // Those that can begin with the next step do not wait.
            int free = firstMustWait ? 0 : options.sequences() - progress.running();
            if (queue.size() - free >= options.queue()) {
                throw new SchedulerFullException("%d requests wait already".formatted(options.queue()));
            }
            queue.add(sequence);
            open.add(ticket);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        return ticket;
    }

    private void check(GenerationRequest request) {
        int[] prompt = request.prompt();
        if (prompt.length > options.contextLength()) {
            throw new IllegalArgumentException("the prompt has %d tokens, the context holds %d".formatted(
                    prompt.length, options.contextLength()));
        }
        engine.checkTokens(prompt);
        int positions = Sequence.mostPositions(request, prompt.length, options.contextLength());
        if (KvPool.blocks(positions) > budget) {
            throw new IllegalArgumentException("keys and values of %d tokens do not fit into %d bytes".formatted(
                    positions, options.cacheBytes()));
        }
    }

    /// What it is doing.
    public SchedulerState state() {
        lock.lock();
        try {
            return progress.withWaiting(queue.size());
        } finally {
            lock.unlock();
        }
    }

    private void run() {
        List<Sequence> ended = new ArrayList<>();
        try {
            while (awaitWork()) {
                batch.dropCancelled(ended);
                admit(ended);
                if (batch.size() > 0) {
                    batch.pass(ended);
                }
                complete(ended);
            }
            batch.clear();
            publish();
        } catch (Throwable ofModel) {
            complete(ended);
            fail(ofModel);
        }
    }

    /// False when there will be no more.
    private boolean awaitWork() {
        lock.lock();
        try {
            while (queue.isEmpty() && batch.size() == 0 && !closed) {
                changed.awaitUninterruptibly();
            }
            return !queue.isEmpty() || batch.size() > 0 || !closed;
        } finally {
            lock.unlock();
        }
    }

    private void admit(List<Sequence> ended) {
        Sequence first = firstWaiting(ended);
        while (first != null && batch.size() < options.sequences()) {
            boolean admitted = batch.admit(first);
            lock.lock();
            try {
                firstMustWait = !admitted;
                if (!admitted) {
                    return;
                }
                queue.remove();
                progress = batch.state();
            } finally {
                lock.unlock();
            }
            first = firstWaiting(ended);
        }
    }

    /// Takes those out that were cancelled while they waited.
    private @Nullable Sequence firstWaiting(List<Sequence> ended) {
        List<Sequence> cancelled = new ArrayList<>();
        lock.lock();
        try {
            queue.removeIf(sequence -> sequence.ticket().isCancelled() && cancelled.add(sequence));
            return queue.peek();
        } finally {
            lock.unlock();
            cancelled.forEach(Sequence::finish);
            ended.addAll(cancelled);
        }
    }

    /// Who waits for one of these and then asks for the state finds it ended.
    private void complete(List<Sequence> ended) {
        publish();
        if (ended.isEmpty()) {
            return;
        }
        ended.forEach(Sequence::complete);
        lock.lock();
        try {
            ended.forEach(sequence -> open.remove(sequence.ticket()));
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        ended.clear();
    }

    private void publish() {
        lock.lock();
        try {
            progress = batch.state();
            if (progress.running() == 0) {
                firstMustWait = false;
            }
        } finally {
            lock.unlock();
        }
    }

    private void fail(Throwable ofModel) {
        batch.clear();
        List<Ticket> left;
        lock.lock();
        try {
            failure = ofModel;
            queue.clear();
            left = List.copyOf(open);
            progress = batch.state();
        } finally {
            lock.unlock();
        }
        left.forEach(ticket -> ticket.result().completeExceptionally(ofModel));
        lock.lock();
        try {
            open.clear();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Takes no more requests, and waits until all have ended, at most that long.
    ///
    /// @return whether they have
    public boolean drain(Duration patience) throws InterruptedException {
        long left = TimeUnit.NANOSECONDS.convert(patience);
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
            while (!open.isEmpty() && left > 0) {
                left = changed.awaitNanos(left);
            }
            return open.isEmpty();
        } finally {
            lock.unlock();
        }
    }

    /// Cancels what is left and waits for it; idempotent.
    ///
    /// @throws IllegalStateException if a listener calls it
    @Override
    public void close() {
        if (Thread.currentThread() == thread) {
            throw new IllegalStateException("a listener cannot close the scheduler that calls it");
        }
        lock.lock();
        try {
            closed = true;
            open.forEach(Ticket::cancel);
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException notNow) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
