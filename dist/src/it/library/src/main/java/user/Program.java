package user;

import dev.langchain4j.model.chat.ChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.ternlm.generate.GenerationEvent.TokenChosen;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.langchain4j.TernChatModel;
import org.ternlm.langchain4j.TernModel;

/// Prints what a model generates, as tokens and as an answer of LangChain4j's model, and by which kernels.
class Program {
    public static void main(String[] args) throws IOException {
        Path model = first(Path.of(args[0]));
        try (Tern tern = Tern.open(model); Session session = tern.session()) {
            System.out.println("kernels " + tern.selection().provider());
            GenerationRequest request = tern.request("Once upon a time").withMaxTokens(40)
                    .withSampling(Sampling.GREEDY).withIgnoreEos(true);
            session.generate(request, event -> {
                if (event instanceof TokenChosen chosen) {
                    System.out.println("token " + chosen.token());
                }
            });
        }
        try (TernModel open = TernModel.open(model)) {
            ChatModel chat = TernChatModel.of(open);
            System.out.println("LangChain4j " + chat.getClass().getSimpleName() + " of " + open.name());
        }
    }

    private static Path first(Path models) throws IOException {
        try (Stream<Path> files = Files.list(models)) {
            return files.filter(file -> Files.isDirectory(file) || file.toString().endsWith(".gguf")).sorted().findFirst()
                    .orElseThrow();
        }
    }
}
