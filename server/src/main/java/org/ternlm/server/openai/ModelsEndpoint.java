package org.ternlm.server.openai;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import org.ternlm.server.http.ApiException;
import org.ternlm.server.http.Exchange;
import org.ternlm.server.http.Json;

/// `GET /v1/models` and `GET /v1/models/{id}`.
public final class ModelsEndpoint {
    private final ServedModel model;

    public ModelsEndpoint(ServedModel model) {
        this.model = model;
    }

    /// Lists the model.
    public void list(Exchange exchange) {
        ObjectNode list = Json.object();
        list.put("object", "list");
        list.putArray("data").add(model.json());
        exchange.send(200, list);
    }

    /// Shows one model.
    ///
    /// @throws ApiException if it is another
    public void show(Exchange exchange) {
        String id;
        try {
            id = URLDecoder.decode(exchange.rest().replace("+", "%2B"), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            id = exchange.rest();
        }
        model.check(id);
        exchange.send(200, model.json());
    }
}
