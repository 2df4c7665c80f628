package org.ternlm.server.openai;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.server.http.Endpoint;
import org.ternlm.server.http.Exchange;

/// `POST /v1/completions`: continues texts, and tells how likely given ones are.
public final class CompletionsEndpoint implements Endpoint {
    private final ServedModel model;
    private final ServerMeters meters;
    private final TokenTexts texts;

    public CompletionsEndpoint(ServedModel model, ServerMeters meters) {
        this.model = model;
        this.meters = meters;
        texts = new TokenTexts(model.tern().tokenizer());
    }

    @Override
    public void answer(Exchange exchange) {
        CompletionRequest request = CompletionRequest.of(exchange.json(), model);
        List<GenerationRequest> generations = request.generations(model.contextLength());
        List<TextChoice> choices = new ArrayList<>();
        for (int i = 0; i < generations.size(); i++) {
            choices.add(new TextChoice(i, request, texts));
        }
        Answer answer = new Answer(model, meters, "cmpl-" + UUID.randomUUID().toString().replace("-", ""),
                "text_completion", "text_completion", System.currentTimeMillis() / 1000, choices,
                new Usage(request.fields().choices(), request.maxTokens() > 0));
        if (request.fields().stream()) {
            answer.sendPieces(exchange, generations, request.fields().includeUsage());
        } else {
            answer.sendWhole(exchange, generations);
        }
    }
}
