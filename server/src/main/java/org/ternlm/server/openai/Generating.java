package org.ternlm.server.openai;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationEvent.Finished;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Scheduler;
import org.ternlm.generate.SchedulerFullException;
import org.ternlm.generate.Ticket;
import org.ternlm.server.http.ApiException;
import org.ternlm.server.http.ClientGoneException;
import org.ternlm.server.http.Exchange;

/// The generations of one request: given to the scheduler, a few at a time where they are many, and heard on the
/// request's own thread. All are cancelled when the client goes away, when the time is over, or when hearing fails.
final class Generating {
    private static final long LOOK_AFTER_MILLIS = 100;

    /// Hears what happens in each generation, in its order.
    interface Listener {
        /// The first generation was accepted: from here on the answer is certain to come.
        void begin();

        /// @param index of the generation
        /// @return whether more of it is wanted
        boolean accept(int index, GenerationEvent event);
    }

    private record Heard(int index, @Nullable GenerationEvent event) {}

    private final ServedModel model;
    private final Scheduler scheduler;
    private final ServerMeters meters;
    private final Exchange exchange;
    private final List<GenerationRequest> requests;
    private final Listener listener;
    private final BlockingQueue<Heard> heard = new LinkedBlockingQueue<>();
    private final List<@Nullable Ticket> tickets = new ArrayList<>();
    private final int atOnce;
    private final BitSet begun = new BitSet();
    private int finished;
    private long tokens;
    private boolean outOfTime;

    Generating(ServedModel model, ServerMeters meters, Exchange exchange, List<GenerationRequest> requests,
            Listener listener) {
        this.model = model;
        scheduler = model.scheduler();
        this.meters = meters;
        this.exchange = exchange;
        this.requests = requests;
        this.listener = listener;
        atOnce = scheduler.options().sequences();
    }

    /// Runs them all.
    ///
    /// @throws ApiException if there is no room, or no time for the first token
    /// @throws ClientGoneException if nobody waits any more
    void run() {
        exchange.whenGone(() -> heard.add(new Heard(-1, null)));
        try {
            submitMore();
            listener.begin();
            while (finished < requests.size()) {
                step();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new ClientGoneException();
        } finally {
            exchange.tokens(tokens);
            tickets.forEach(ticket -> {
                if (ticket != null) {
                    ticket.cancel();
                }
            });
        }
    }

    private void cancel(int index) {
        Ticket ticket = tickets.get(index);
        if (ticket != null) {
            ticket.cancel();
        }
    }

    private void submitMore() {
        while (tickets.size() < requests.size() && tickets.size() - finished < atOnce) {
            int index = tickets.size();
            try {
                tickets.add(scheduler.submit(requests.get(index), event -> heard.add(new Heard(index, event))));
            } catch (SchedulerFullException e) {
                if (tickets.size() == finished) {
                    throw ApiException.busy("too many requests wait already; try again in a moment");
                }
                // Others of this request are under way: when one of them ends, there may be room again.
                return;
            } catch (IllegalArgumentException e) {
                // Prompts were checked: it is the answer that may need more memory than there is for all.
                throw ApiException.field(400, "max_tokens", "context_length_exceeded", "max_tokens: " + e.getMessage());
            } catch (IllegalStateException e) {
                throw ApiException.busy("the server is shutting down");
            } catch (RuntimeException e) {
                model.fail();
                throw e;
            }
        }
    }

    private void step() throws InterruptedException {
        Heard next = heard.poll(LOOK_AFTER_MILLIS, TimeUnit.MILLISECONDS);
        checkTime();
        if (next == null) {
            failIfOneFailed();
            return;
        }
        GenerationEvent event = next.event();
        if (event == null) {
            throw new ClientGoneException();
        }
        if (event instanceof TokenChosen) {
            begun.set(next.index());
            if (tokens++ == 0) {
                meters.firstToken(exchange.age());
            }
        }
        boolean isEnd = event instanceof Finished;
        if (isEnd) {
            tickets.set(next.index(), null);
            finished++;
        }
        if (!listener.accept(next.index(), event)) {
            cancel(next.index());
        }
        if (isEnd) {
            submitMore();
        }
    }

    private void checkTime() {
        if (outOfTime || System.nanoTime() - exchange.deadline() < 0) {
            return;
        }
        outOfTime = true;
        if (begun.cardinality() < requests.size()) {
            throw ApiException.tooLong("the time limit of this server was reached");
        }
        // What there is becomes the answer; it ends as if it had reached its length.
        for (int i = 0; i < tickets.size(); i++) {
            cancel(i);
        }
    }

    /// Whether the answer was cut short because of the time limit.
    boolean isOutOfTime() {
        return outOfTime;
    }

    /// A generation that fails says so only when it is waited for.
    private void failIfOneFailed() throws InterruptedException {
        for (int index = 0; index < tickets.size(); index++) {
            Ticket ticket = tickets.get(index);
            if (ticket != null && ticket.isDone() && heard.isEmpty()) {
                Generation generation = ticket.await();
                // One that was cancelled before its first step.
                heard.add(new Heard(index, new Finished(generation.reason(), "", generation.stats())));
            }
        }
    }
}
