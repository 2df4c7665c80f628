package org.ternlm.generate;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// Generates for many requests at once. Safe for several threads.
public final class Scheduler implements AutoCloseable {
    private final Tern tern;
    private final SchedulerOptions options;
    private final Set<Ticket> tickets = ConcurrentHashMap.newKeySet();
    private final AtomicInteger running = new AtomicInteger();
    private volatile boolean closed;

    Scheduler(Tern tern, SchedulerOptions options) {
        this.tern = tern;
        this.options = options;
    }

    /// What it may use.
    public SchedulerOptions options() {
        return options;
    }

    /// Takes a request; `listener` hears of it on a thread of the scheduler, and must not block it.
    ///
    /// @throws IllegalArgumentException if the prompt does not fit into the context or holds unknown tokens
    /// @throws SchedulerFullException if the queue is full
    /// @throws IllegalStateException if it is closed
    public Ticket submit(GenerationRequest request, Consumer<GenerationEvent> listener) {
        if (closed) {
            throw new IllegalStateException("the scheduler is closed");
        }
        if (running.incrementAndGet() > options.sequences() + options.queue()) {
            running.decrementAndGet();
            throw new SchedulerFullException("%d requests wait already".formatted(options.queue()));
        }
        Ticket ticket = new Ticket();
        tickets.add(ticket);
        Thread.ofVirtual().start(() -> {
            try (Session session = tern.session(options.contextLength(), options.form())) {
                ticket.result().complete(session.generate(request, event -> {
                    if (ticket.isCancelled()) {
                        session.cancel();
                    }
                    listener.accept(event);
                }));
            } catch (RuntimeException problem) {
                ticket.result().completeExceptionally(problem);
            } finally {
                tickets.remove(ticket);
                running.decrementAndGet();
            }
        });
        return ticket;
    }

    /// What it is doing.
    public SchedulerState state() {
        return new SchedulerState(running.get(), 0, 0, 0, 0, 0, 0);
    }

    /// Takes no more requests, and waits until all have ended, at most that long.
    ///
    /// @return whether they have
    public boolean drain(Duration patience) throws InterruptedException {
        closed = true;
        long end = System.nanoTime() + patience.toNanos();
        while (running.get() > 0 && System.nanoTime() < end) {
            Thread.sleep(5);
        }
        return running.get() == 0;
    }

    /// Cancels what is left and waits for it; idempotent.
    @Override
    public void close() {
        closed = true;
        tickets.forEach(Ticket::cancel);
        tickets.forEach(ticket -> ticket.result().handle((generation, problem) -> null).join());
    }
}
