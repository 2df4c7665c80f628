package org.ternlm.train.config;

import java.nio.file.Path;
import java.util.List;

/// What a run leaves.
///
/// @param folder of the run
/// @param checkpointEvery steps between checkpoints
/// @param keep how many of the last ones stay, beside the best
/// @param validateEvery steps between validations
/// @param validationTokens how many tokens a validation looks at
/// @param samples beginnings of texts that the model continues at each checkpoint
/// @param sampleTokens how far it does
public record Output(Path folder, long checkpointEvery, int keep, long validateEvery, long validationTokens,
        List<String> samples, int sampleTokens) {
    public Output {
        samples = List.copyOf(samples);
    }

    static Output read(Section section, Path base, String name) {
        return new Output(base.resolve(section.text("folder", "runs/" + name)).normalize(),
                section.whole("checkpoint_every", 1, Long.MAX_VALUE, 200), (int) section.whole("keep", 1, 1000, 2),
                section.whole("validate_every", 1, Long.MAX_VALUE, 200),
                section.whole("validation_tokens", 1, Long.MAX_VALUE, 50_000),
                section.has("samples") ? section.texts("samples") : List.of(),
                (int) section.whole("sample_tokens", 1, 100_000, 60));
    }
}
