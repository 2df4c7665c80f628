package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.ternlm.generate.FinishReason;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationEvent.Finished;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.server.http.ApiException;
import org.ternlm.server.http.ClientGoneException;
import org.ternlm.server.http.EventStream;
import org.ternlm.server.http.Exchange;
import org.ternlm.server.http.Json;

/// An answer of several choices, sent as a whole or in pieces.
///
/// @param model whose answer it is
/// @param meters what is measured
/// @param id of the answer
/// @param object what clients call an answer
/// @param pieceObject what they call a piece of one
/// @param created seconds since 1970
/// @param choices one for each generation
/// @param usage counts tokens
record Answer(ServedModel model, ServerMeters meters, String id, String object, String pieceObject, long created,
        List<? extends Choice> choices, Usage usage) {

    /// Generates and sends all at once.
    void sendWhole(Exchange exchange, List<GenerationRequest> generations) {
        Generating generating = new Generating(model, meters, exchange, generations, new Generating.Listener() {
            @Override
            public void begin() {
                // Nothing is sent before all is there.
            }

            @Override
            public boolean accept(int index, GenerationEvent event) {
                return hear(index, event);
            }
        });
        generating.run();
        ObjectNode answer = head(object);
        ArrayNode all = answer.putArray("choices");
        choices.forEach(choice -> all.add(choice.whole()));
        answer.set("usage", usage.json());
        exchange.send(200, answer);
    }

    /// Generates and sends what there is as it comes.
    ///
    /// @param includeUsage whether a last piece counts tokens
    void sendPieces(Exchange exchange, List<GenerationRequest> generations, boolean includeUsage) {
        Pieces pieces = new Pieces(exchange, includeUsage);
        try {
            new Generating(model, meters, exchange, generations, pieces).run();
            pieces.end();
        } catch (ClientGoneException e) {
            throw e;
        } catch (ApiException e) {
            if (pieces.events == null) {
                throw e;
            }
            pieces.fail(e);
        } catch (RuntimeException e) {
            if (pieces.events != null) {
                pieces.fail(ApiException.internal(exchange.id()));
            }
            throw e;
        }
    }

    private boolean hear(int index, GenerationEvent event) {
        usage.accept(index, event);
        boolean more = choices.get(index).accept(event);
        if (event instanceof Finished finished && finished.reason() == FinishReason.CANCELLED && model.isClosing()) {
            throw ApiException.busy("the server is shutting down");
        }
        return more;
    }

    private ObjectNode head(String what) {
        ObjectNode head = Json.object();
        head.put("id", id);
        head.put("object", what);
        head.put("created", created);
        head.put("model", model.name());
        return head;
    }

    /// Sends pieces as they come.
    private final class Pieces implements Generating.Listener {
        private final Exchange exchange;
        private final boolean includeUsage;
        private @Nullable EventStream events;

        Pieces(Exchange exchange, boolean includeUsage) {
            this.exchange = exchange;
            this.includeUsage = includeUsage;
        }

        @Override
        public void begin() {
            events = exchange.events();
            choices.forEach(choice -> send(choice.opening()));
        }

        @Override
        public boolean accept(int index, GenerationEvent event) {
            boolean more = hear(index, event);
            send(choices.get(index).piece());
            return more;
        }

        private void send(@Nullable ObjectNode choice) {
            if (choice != null && events != null) {
                ObjectNode piece = head(pieceObject);
                piece.putArray("choices").add(choice);
                if (includeUsage) {
                    piece.putNull("usage");
                }
                events.send(piece);
            }
        }

        void end() {
            if (events == null) {
                return;
            }
            if (includeUsage) {
                ObjectNode piece = head(pieceObject);
                piece.putArray("choices");
                piece.set("usage", usage.json());
                events.send(piece);
            }
            events.done();
            events.close();
        }

        /// The status is out already: the error comes as a piece, and nothing says that the answer is complete.
        void fail(ApiException problem) {
            if (events != null) {
                events.send(problem.json());
                events.close();
            }
        }
    }
}
