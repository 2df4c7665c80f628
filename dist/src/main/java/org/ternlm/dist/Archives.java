package org.ternlm.dist;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.zip.Deflater;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorOutputStream;
import org.apache.commons.compress.compressors.gzip.GzipParameters;

/// Writes trees as archives whose bytes depend on the tree and one date alone.
///
/// @param date the date of all that they hold
record Archives(Instant date) {
    private static final int LINK_TYPE = 0120000;
    private static final int FILE_TYPE = 0100000;
    private static final int FOLDER_TYPE = 0040000;

    void writeTarGz(Tree tree, Path file) throws IOException {
        try (OutputStream out = gzip(new BufferedOutputStream(Files.newOutputStream(file)))) {
            writeTar(tree, out);
        }
    }

    /// A stream that compresses, and says nothing of when, where or from what.
    static OutputStream gzip(OutputStream out) throws IOException {
        GzipParameters parameters = new GzipParameters();
        parameters.setCompressionLevel(Deflater.BEST_COMPRESSION);
        return new GzipCompressorOutputStream(out, parameters);
    }

    /// Writes a tar archive, and leaves the stream open.
    void writeTar(Tree tree, OutputStream out) throws IOException {
        TarArchiveOutputStream tar = new TarArchiveOutputStream(out, "UTF-8");
        tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
        for (Map.Entry<String, Entry> place : tree.entries().entrySet()) {
            tar.putArchiveEntry(tarEntry(place.getKey(), place.getValue()));
            place.getValue().content().writeTo(tar);
            tar.closeArchiveEntry();
        }
        tar.finish();
        tar.flush();
    }

    private TarArchiveEntry tarEntry(String path, Entry entry) throws IOException {
        TarArchiveEntry header = entry.content() instanceof Content.Link
                ? new TarArchiveEntry(path, TarConstants.LF_SYMLINK)
                : new TarArchiveEntry(entry.isFolder() ? path + "/" : path);
        if (entry.content() instanceof Content.Link link) {
            header.setLinkName(link.target());
        }
        header.setSize(entry.content().size());
        header.setMode(entry.mode());
        header.setModTime(date.toEpochMilli());
        header.setIds(entry.owner(), entry.owner());
        header.setNames("", "");
        return header;
    }

    void writeZip(Tree tree, Path file) throws IOException {
        try (ZipArchiveOutputStream zip = new ZipArchiveOutputStream(file)) {
            zip.setLevel(Deflater.BEST_COMPRESSION);
            for (Map.Entry<String, Entry> place : tree.entries().entrySet()) {
                zip.putArchiveEntry(zipEntry(place.getKey(), place.getValue()));
                if (place.getValue().content() instanceof Content.Link link) {
                    // As Info-ZIP has it: the target is the content.
                    zip.write(link.target().getBytes(StandardCharsets.UTF_8));
                }
                place.getValue().content().writeTo(zip);
                zip.closeArchiveEntry();
            }
        }
    }

    private ZipArchiveEntry zipEntry(String path, Entry entry) {
        ZipArchiveEntry header = new ZipArchiveEntry(entry.isFolder() ? path + "/" : path);
        // A zip has local times, without a zone.
        header.setTimeLocal(LocalDateTime.ofInstant(date, ZoneOffset.UTC));
        int type = switch (entry.content()) {
            case Content.Link _ -> LINK_TYPE;
            case Content.Folder _ -> FOLDER_TYPE;
            case Content.Copy _,Content.Bytes _ -> FILE_TYPE;
        };
        header.setUnixMode(type | entry.mode());
        return header;
    }
}
