package org.ternlm.charts;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Locale;

/// A drawing as a file that is there whole or not at all.
final class Picture {
    private Picture() {}

    /// The formats, by the ending of the file's name.
    enum Format {
        SVG, PNG;

        static Format of(Path file) throws FileSystemException {
            String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
            for (Format format : values()) {
                if (name.endsWith("." + format.name().toLowerCase(Locale.ROOT))) {
                    return format;
                }
            }
            throw new FileSystemException(file.toString(), null, "expected a name that ends in .svg or .png");
        }
    }

    static void write(Drawing drawing, Path file) throws IOException {
        byte[] bytes = switch (Format.of(file)) {
            case SVG -> SvgWriter.write(drawing);
            case PNG -> PngWriter.write(drawing);
        };
        Path target = file.toAbsolutePath();
        Path folder = target.getParent();
        if (folder != null && !Files.isDirectory(folder)) {
            throw new NoSuchFileException(folder.toString());
        }
        // Not a temporary file of the JDK's, which nobody else could read.
        Path aside = Files.createFile(target.resolveSibling(".%s.%x.partial".formatted(target.getFileName(),
                System.nanoTime())));
        try {
            Files.write(aside, bytes);
            Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(aside);
        }
    }
}
