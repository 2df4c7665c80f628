package org.ternlm.train.run;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.ternlm.format.AtomicFile;

/// What happened, a line of JSON each: steps and validations. A resumed run takes back the lines after its checkpoint, so
/// that the file reads as if nothing had interrupted it.
public final class RunLog implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();

    private final Path file;
    private final BufferedWriter writer;

    private RunLog(Path file, BufferedWriter writer) {
        this.file = file;
        this.writer = writer;
    }

    /// Opens `file` for the steps after `step`.
    static RunLog after(long step, Path file) throws IOException {
        List<String> kept = new ArrayList<>();
        if (Files.exists(file)) {
            // Not readAllLines, which refuses the whole file for one byte that a crash spoilt.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            for (String line : text.lines().toList()) {
                if (stepOf(line) <= step) {
                    kept.add(line);
                }
            }
        }
        AtomicFile.write(file, aside -> Files.write(aside, kept));
        return new RunLog(file, Files.newBufferedWriter(file, StandardOpenOption.APPEND));
    }

    /// A line that a crash cut short counts as later than all.
    private static long stepOf(String line) {
        try {
            JsonNode step = JSON.readTree(line).path("step");
            return step.isIntegralNumber() ? step.asLong() : Long.MAX_VALUE;
        } catch (IOException e) {
            return Long.MAX_VALUE;
        }
    }

    /// Adds a line, and makes sure that it is in the file.
    void add(ObjectNode line) throws IOException {
        writer.write(JSON.writeValueAsString(line));
        writer.newLine();
        writer.flush();
    }

    /// Makes sure that all lines so far are on the disk: after a power cut, too, the log is not behind a checkpoint that
    /// is written next.
    void sync() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
