package org.ternlm.cli.doctor;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;
import org.ternlm.command.Unit;
import org.ternlm.format.gguf.GgufFile;
import org.ternlm.generate.Generation;
import org.ternlm.generate.GenerationEvent;
import org.ternlm.generate.GenerationRequest;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.model.ModelConfig;

/// How fast a model can speak here, by its size and by trying.
///
/// @param path the model, a folder or a GGUF file
/// @param threads that compute
/// @param memory whose bandwidth is the limit
record ModelExamination(Path path, int threads, MemoryExamination memory) implements Examination {
    private static final long WARM_UP_NANOS = 1_200_000_000L;
    private static final long MEASURED_NANOS = 600_000_000L;
    private static final long CACHE_SIZE = 64_000_000;
    private static final int MOST_TOKENS = 4096;

    @Override
    public String title() {
        return "model";
    }

    @Override
    public List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        findings.add(Finding.fine(GgufFile.isNamed(path) ? "file" : "folder", path.toString()));
        long start = System.nanoTime();
        try (Tern tern = Tern.open(path, threads)) {
            double seconds = (System.nanoTime() - start) / 1e9;
            findings.add(Finding.fine("shape", shape(tern.config())));
            findings.add(Finding.measured("load", String.format(Locale.ROOT, "%.2f s", seconds), seconds));
            long bytes = tern.bytesPerToken();
            findings.add(Finding.measured("read per token", Unit.BYTES.amount(bytes), bytes));
            OptionalDouble bandwidth = memory.bytesPerSecond();
            if (bandwidth.isPresent()) {
                findings.add(limit(bandwidth.getAsDouble() / bytes, bytes));
            }
            double measured = rate(tern);
            findings.add(Finding.measured("measured", tokens(measured), measured));
        }
        return List.copyOf(findings);
    }

    private static String shape(ModelConfig config) {
        return "%s, %d layers of width %d, %,d tokens, context %,d".formatted(config.architecture(), config.layers(),
                config.hiddenSize(), config.vocabularySize(), config.contextLength());
    }

    private static Finding limit(double tokensPerSecond, long bytes) {
        String value = "at most " + tokens(tokensPerSecond) + " by bandwidth";
        return Finding.measured("expected", bytes < CACHE_SIZE ? value + ", unless caches hold it" : value,
                tokensPerSecond);
    }

    private static String tokens(double rate) {
        return String.format(Locale.ROOT, rate < 100 ? "%.1f tokens/s" : "%,.0f tokens/s", rate);
    }

    /// Greedy decoding from the start of a text, first until the kernels are compiled, then measured.
    private static double rate(Tern tern) {
        try (Session session = tern.session()) {
            decode(tern, session, WARM_UP_NANOS);
            return decode(tern, session, MEASURED_NANOS).stats().generatedTokensPerSecond();
        }
    }

    private static Generation decode(Tern tern, Session session, long nanos) {
        session.reset();
        long start = System.nanoTime();
        return session.generate(GenerationRequest.of(tern.bosId().orElse(0)).withMaxTokens(MOST_TOKENS)
                .withIgnoreEos(true), event -> {
                    // Two tokens are the least that have a rate, however slow they are.
                    if (System.nanoTime() - start > nanos && event instanceof GenerationEvent.TokenChosen
                            && session.length() > 2) {
                        session.cancel();
                    }
                });
    }
}
