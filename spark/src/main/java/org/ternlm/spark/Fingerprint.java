package org.ternlm.spark;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/// What tells models apart: SHA-256 over the files that a model is read from, and over their names in a folder.
final class Fingerprint {
    /// Other files, such as a README, change no answer.
    private static final List<String> ENDINGS = List.of(".safetensors", ".json", ".model", ".jinja");
    private static final int BUFFER_BYTES = 1 << 20;

    private Fingerprint() {}

    /// @return 64 hexadecimal digits
    /// @throws IOException if there is no model, or it cannot be read
    static String of(Path model) throws IOException {
        MessageDigest digest = sha256();
        if (Files.isRegularFile(model)) {
            add(digest, model);
        } else {
            List<Path> files = filesOf(model);
            for (Path file : files) {
                digest.update((file.getFileName() + "\n" + Files.size(file) + "\n").getBytes(StandardCharsets.UTF_8));
                add(digest, file);
            }
        }
        return HexFormat.of().formatHex(digest.digest());
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) {
            throw new IOException("no such folder or file");
        }
        try (Stream<Path> entries = Files.list(folder)) {
            List<Path> files = entries.filter(Files::isRegularFile)
                    .filter(file -> ENDINGS.stream().anyMatch(file.toString()::endsWith)).sorted().toList();
            if (files.stream().noneMatch(file -> file.endsWith("config.json"))) {
                throw new IOException("the folder has no config.json");
            }
            return files;
        }
    }

    private static void add(MessageDigest digest, Path file) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
        try (FileChannel channel = FileChannel.open(file)) {
            while (channel.read(buffer) >= 0) {
                digest.update(buffer.flip());
                buffer.clear();
            }
        }
    }

    static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException everyJavaHasIt) {
            throw new IllegalStateException(everyJavaHasIt);
        }
    }
}
