package org.ternlm.langchain4j;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.Ticket;

/// Brings one answer to its handler. The scheduler, which nobody may hold up, only puts events into a queue; a virtual
/// thread takes them out.
final class StreamedAnswer implements StreamingHandle {
    private final BlockingQueue<String> pieces = new LinkedBlockingQueue<>();
    private final StreamingChatResponseHandler handler;
    private final Answer answer;
    private final Ticket ticket;
    private int callsTold;
    private volatile boolean cancelled;

    /// What ends the queue: no piece is this very object.
    @SuppressWarnings("StringOperationCanBeSimplified")
    private static final String END = new String("end");

    private StreamedAnswer(TernModel model, RequestTranslation translation, StreamingChatResponseHandler handler) {
        this.handler = handler;
        answer = new Answer(model.name(), model.format().reader(translation.tools()));
        ticket = Submission.of(model, translation, this::hear);
    }

    /// Submits the request; the handler hears of the answer from another thread.
    static void start(TernModel model, RequestTranslation translation, StreamingChatResponseHandler handler) {
        StreamedAnswer answer = new StreamedAnswer(model, translation, handler);
        Thread.ofVirtual().name("tern-answer").start(answer::tell);
    }

    private void hear(GenerationEvent event) {
        if (!event.text().isEmpty()) {
            pieces.add(event.text());
        }
        if (event instanceof GenerationEvent.Finished) {
            pieces.add(END);
        }
    }

    private void tell() {
        try {
            tellPieces();
            if (!cancelled) {
                tellText(answer.finish());
                tellCalls();
                var response = answer.response(ticket.await());
                guarded(() -> handler.onCompleteResponse(response));
            }
        } catch (InterruptedException e) {
            ticket.cancel();
            Thread.currentThread().interrupt();
        } catch (RuntimeException problem) {
            tellProblem(problem);
        }
    }

    /// A failed generation has no last event: its end is noticed by the ticket.
    private void tellPieces() throws InterruptedException {
        while (!cancelled) {
            String piece = pieces.poll(50, TimeUnit.MILLISECONDS);
            if (piece == null) {
                if (ticket.isDone() && pieces.isEmpty()) {
                    return;
                }
            } else if (isEnd(piece)) {
                return;
            } else {
                tellText(answer.accept(piece));
                tellCalls();
            }
        }
    }

    @SuppressWarnings("ReferenceEquality")
    private static boolean isEnd(String piece) {
        return piece == END;
    }

    private void tellText(String text) {
        if (!text.isEmpty() && !cancelled) {
            guarded(() -> handler.onPartialResponse(new PartialResponse(text), new PartialResponseContext(this)));
        }
    }

    private void tellCalls() {
        List<ToolExecutionRequest> calls = answer.calls();
        while (callsTold < calls.size() && !cancelled) {
            CompleteToolCall call = new CompleteToolCall(callsTold, calls.get(callsTold));
            callsTold++;
            guarded(() -> handler.onCompleteToolCall(call));
        }
    }

    private void guarded(Runnable call) {
        try {
            call.run();
        } catch (RuntimeException problem) {
            tellProblem(problem);
        }
    }

    private void tellProblem(RuntimeException problem) {
        try {
            handler.onError(problem);
        } catch (RuntimeException ignored) {
            // The handler has failed at hearing that something failed: nobody else is there to be told.
        }
    }

    @Override
    public void cancel() {
        cancelled = true;
        ticket.cancel();
    }

    @Override
    public boolean isCancelled() {
        return cancelled;
    }
}
