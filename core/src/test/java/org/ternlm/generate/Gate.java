package org.ternlm.generate;

import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/// A listener that keeps the scheduler's thread from going on, from a token of its request on, until it is opened.
final class Gate implements Consumer<GenerationEvent> {
    private final CountDownLatch reached = new CountDownLatch(1);
    private final CountDownLatch opened = new CountDownLatch(1);
    private int left;

    /// @param token the number of the token that it holds at, from 1 on
    Gate(int token) {
        left = token;
    }

    /// A gate that a new request of `scheduler` has come to with its first token.
    static Gate hold(Scheduler scheduler, GenerationRequest request) throws InterruptedException {
        Gate gate = new Gate(1);
        scheduler.submit(request, gate);
        gate.await();
        return gate;
    }

    @Override
    public void accept(GenerationEvent event) {
        if (event instanceof GenerationEvent.TokenChosen && --left == 0) {
            reached.countDown();
            try {
                opened.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    /// Waits until the request has come to it.
    void await() throws InterruptedException {
        reached.await();
    }

    void open() {
        opened.countDown();
    }
}
