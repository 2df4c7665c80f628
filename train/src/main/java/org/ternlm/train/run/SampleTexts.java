package org.ternlm.train.run;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.ternlm.generate.Generation;
import org.ternlm.generate.Sampling;
import org.ternlm.generate.Session;
import org.ternlm.generate.Tern;
import org.ternlm.train.config.Output;

/// Lets a checkpoint speak, through Tern's own runtime: what a number cannot tell. The same checkpoint always says the
/// same.
///
/// @param output with the beginnings, and where `samples.jsonl` goes
record SampleTexts(Output output) {
    private static final Sampling SAMPLING = new Sampling(0.8, 40, 1, 0, 1, 0, 0, Map.of(), 1);
    private static final JsonMapper JSON = new JsonMapper();

    /// A beginning and how the model went on.
    record Sample(String beginning, String continuation) {}

    /// Continues each beginning, and adds a line to `samples.jsonl` for each.
    List<Sample> write(Checkpoint checkpoint) throws IOException {
        List<Sample> samples = new ArrayList<>();
        if (output.samples().isEmpty()) {
            return samples;
        }
        List<String> lines = new ArrayList<>();
        try (Tern tern = Tern.open(checkpoint.folder())) {
            for (String beginning : output.samples()) {
                try (Session session = tern.session()) {
                    Generation generation = session
                            .generate(tern.request(beginning).withMaxTokens(output.sampleTokens())
                                    .withSampling(SAMPLING));
                    samples.add(new Sample(beginning, generation.text()));
                    ObjectNode line = JSON.createObjectNode().put("step", checkpoint.step());
                    lines.add(JSON.writeValueAsString(line.put("beginning", beginning).put("text", generation.text())));
                }
            }
        }
        Path file = output.folder().resolve("samples.jsonl");
        Files.write(file, lines, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        return samples;
    }
}
