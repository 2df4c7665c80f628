package org.ternlm.cli.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.ternlm.cli.output.JsonText;
import org.ternlm.command.CommandException;

/// A file of measurements over time, one JSON object a line.
///
/// A line goes to the end of the file in one write, while the file is locked: two programs do not mix theirs, and what
/// was there is never written again. A last line that lacks its end, from a write that was cut off, keeps to itself.
///
/// @param file made if it is not there; its folder has to be
/// @param machine that measured
/// @param revision of the program
record BenchHistory(Path file, Machine machine, String revision) {

    /// Makes the file if it is not there.
    ///
    /// @throws CommandException if it cannot be written
    static void checkWritable(Path file) {
        try (FileChannel channel = open(file)) {
            channel.force(false);
        } catch (IOException problem) {
            throw refusal(file, problem);
        }
    }

    private static FileChannel open(Path file) throws IOException {
        return FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    }

    private static CommandException refusal(Path file, IOException problem) {
        return new CommandException("--record: %s cannot be written: %s".formatted(file, problem.getClass()
                .getSimpleName()), "a file in a folder that exists", problem);
    }

    /// Adds a line for each result.
    ///
    /// @throws CommandException if the file cannot be written
    void add(List<BenchRound> rounds) throws IOException {
        StringBuilder lines = new StringBuilder();
        for (BenchRound round : rounds) {
            for (SubjectResult result : round.results()) {
                lines.append(line(result, round)).append('\n');
            }
        }
        try (FileChannel channel = open(file); FileLock _ = channel.lock()) {
            append(channel, lines.toString());
        } catch (IOException problem) {
            throw refusal(file, problem);
        }
    }

    private static void append(FileChannel channel, String lines) throws IOException {
        long end = channel.size();
        ByteBuffer last = ByteBuffer.allocate(1);
        boolean cutOff = end > 0 && channel.read(last, end - 1) == 1 && last.get(0) != '\n';
        ByteBuffer bytes = ByteBuffer.wrap(((cutOff ? "\n" : "") + lines).getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            end += channel.write(bytes, end);
        }
        channel.force(true);
    }

    private String line(SubjectResult result, BenchRound round) throws IOException {
        return JsonText.object(json -> {
            json.writeStringField("date", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
            json.writeStringField("commit", revision);
            json.writeObjectFieldStart("machine");
            json.writeStringField("processor", machine.processor());
            json.writeNumberField("processors", machine.processors());
            json.writeStringField("java", machine.java());
            json.writeEndObject();
            BenchFields.write(json, result, round);
        });
    }
}
