package org.ternlm.server.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.server.http.Endpoint;
import org.ternlm.server.http.Exchange;

/// `POST /v1/chat/completions`: answers conversations.
public final class ChatEndpoint implements Endpoint {
    private final ServedModel model;
    private final ServerMeters meters;
    private final TokenTexts texts;

    public ChatEndpoint(ServedModel model, ServerMeters meters) {
        this.model = model;
        this.meters = meters;
        texts = new TokenTexts(model.tern().tokenizer());
    }

    @Override
    public void answer(Exchange exchange) {
        ChatRequest request = ChatRequest.of(exchange.json(), model);
        List<GenerationRequest> generations = request.generations(model);
        List<ChatChoice> choices = new ArrayList<>();
        for (int i = 0; i < generations.size(); i++) {
            choices.add(new ChatChoice(i, request, model.format().reader(request.tools().tools()), texts));
        }
        Answer answer = new Answer(model, meters, "chatcmpl-" + UUID.randomUUID().toString().replace("-", ""),
                "chat.completion", "chat.completion.chunk", System.currentTimeMillis() / 1000, choices,
                new Usage(generations.size(), true));
        if (request.fields().stream()) {
            answer.sendPieces(exchange, generations, request.fields().includeUsage());
        } else {
            answer.sendWhole(exchange, generations);
        }
    }
}
