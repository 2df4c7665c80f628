package org.ternlm.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.ai.chat.prompt.Prompt;
import org.springframework.ai.openai.OpenAiChatModel;
import org.springframework.ai.openai.OpenAiChatOptions;
import org.ternlm.generate.Tern;
import org.ternlm.server.ServerOptions;
import org.ternlm.server.TernServer;

/// The recipe of docs/library.md for Spring AI: its own client, unchanged, against Tern's server.
class SpringAiTest {
    private static final Path MODEL = Path.of(System.getProperty("tern.root"), "testdata", "models",
            "tinystories-ternary-3M");

    private static OpenAiChatModel model(TernServer server) {
        return OpenAiChatModel.builder().options(OpenAiChatOptions.builder().baseUrl(server.url() + "/v1")
                .apiKey("none").model(server.modelName()).temperature(0.0).maxTokens(30).build()).build();
    }

    @Test
    void aCallAndAStreamSayTheSame() {
        try (Tern tern = Tern.open(MODEL);
                TernServer server = TernServer.start(tern, ServerOptions.usual()
                        .withPort(0))) {
            OpenAiChatModel model = model(server);
            String whole = model.call("Once upon a time there was a cat.");
            assertThat(whole).isNotBlank();
            List<String> pieces = model.stream(new Prompt("Once upon a time there was a cat."))
                    .mapNotNull(response -> response.getResult() == null
                            ? null
                            : response.getResult().getOutput().getText())
                    .collectList().block();
            assertThat(pieces).hasSizeGreaterThan(3);
            assertThat(String.join("", pieces)).isEqualTo(whole);
        }
    }
}
