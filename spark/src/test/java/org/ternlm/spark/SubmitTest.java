package org.ternlm.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/// Spark's own `spark-submit`, whose driver and executor have Spark's jars on their class path and tern's by `--jars` alone.
@DisabledOnOs(OS.WINDOWS)
class SubmitTest {
    private static final int PATIENCE_SECONDS = 300;
    private static final Path ROOT = Path.of(System.getProperty("tern.root", "..")).toAbsolutePath().normalize();

    @TempDir
    Path folder;

    @Test
    @Tag("soak")
    void jarsAreAllThatAClusterNeeds() throws IOException, InterruptedException {
        List<String> jars = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (String place : System.getProperty("java.class.path").split(File.pathSeparator)) {
            if (place.contains("/org/ternlm/") || place.contains("picocli") || place.endsWith("/classes")) {
                jars.add(jar(Path.of(place)).toString());
            } else if (!place.endsWith("/test-classes")) {
                others.add(place);
            }
        }
        Path job = jar(ROOT.resolve("spark/target/test-classes"));
        String spark = String.join(File.pathSeparator, others);
        Path written = folder.resolve("numbers");
        String model = TestSession.model("stories260K-llama-f32").toString();
        Process driver = DriverProcess.start(folder, spark, "org.apache.spark.deploy.SparkSubmit", List.of("--master",
                "local-cluster[1,1,1024]", "--jars", String.join(",", jars), "--class", SubmittedJob.class.getName(),
                "--conf", "spark.driver.host=127.0.0.1", "--conf", "spark.driver.bindAddress=127.0.0.1", "--conf",
                "spark.ui.enabled=false", "--conf", "spark.executor.cores=1", "--conf", "spark.executor.extraClassPath="
                        + spark,
                "--conf", "spark.sql.extensions=org.ternlm.spark.TernExtensions", "--conf", "spark.tern.model="
                        + model,
                job.toString(), model, written.toString()));
        try {
            assertThat(driver.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
        } finally {
            driver.descendants().forEach(ProcessHandle::destroyForcibly);
            driver.destroyForcibly();
        }
        assertThat(driver.exitValue()).as(Files.readString(folder.resolve("said"))).isZero();
        assertThat(Files.readAllLines(written)).isEqualTo(expected());
    }

    private static List<String> expected() {
        TernSpark tern = TernSpark.of(TestSession.spark(), TestSession.stories());
        List<Row> rows = TestSession.sorted(tern.score(SubmittedJob.texts(TestSession.spark()), ScoreOptions.of(
                "text")));
        List<String> lines = new ArrayList<>(rows.stream().map(row -> Double.toString(row.<Double>getAs("nats")))
                .toList());
        lines.add(Double.toString(tern.perplexity(SubmittedJob.texts(TestSession.spark()), ScoreOptions.of("text"))
                .head().<Double>getAs("perplexity")));
        return lines;
    }

    /// A jar as it is, a folder of classes as one.
    private Path jar(Path place) throws IOException {
        if (Files.isRegularFile(place)) {
            return place;
        }
        Path jar = Files.createTempFile(folder, "classes", ".jar");
        try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(jar));
                Stream<Path> files = Files.walk(place)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                zip.putNextEntry(new ZipEntry(place.relativize(file).toString()));
                Files.copy(file, zip);
            }
        }
        return jar;
    }

    @Test
    void theRecipeNamesTheJars() throws IOException, InterruptedException {
        Path recipes = Files.createDirectory(folder.resolve("recipes"));
        Files.copy(ROOT.resolve("recipes/tern-spark"), recipes.resolve("tern-spark"));
        Path bin = Files.createDirectories(folder.resolve("spark home/bin"));
        Files.setPosixFilePermissions(Files.writeString(bin.resolve("spark-sql"), "#!/bin/sh\nprintf '%s\\n' \"$@\"\n"),
                PosixFilePermissions.fromString("rwxr-xr-x"));
        assertThat(recipe("spark-sql")).containsExactly("tern-spark: " + folder.toRealPath()
                + "/spark/target/tern-spark.jar is missing: mvn -DskipTests package -pl spark -am");
        Path lib = Files.createDirectories(folder.resolve("spark/target/lib"));
        Files.createFile(folder.resolve("spark/target/tern-spark.jar"));
        Files.createFile(lib.resolve("tern-core.jar"));
        Files.createFile(lib.resolve("tern-eval.jar"));
        String target = folder.toRealPath() + "/spark/target/";
        String jars = Stream.of("tern-spark.jar", "lib/tern-core.jar", "lib/tern-eval.jar").map(target::concat).collect(
                Collectors.joining(","));
        assertThat(recipe("spark-sql", "-e", "select 1")).containsExactly("--jars", jars, "--conf",
                "spark.sql.extensions=org.ternlm.spark.TernExtensions", "-e", "select 1");
    }

    private List<String> recipe(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("/bin/sh", folder.resolve("recipes/tern-spark").toString()));
        command.addAll(Arrays.asList(words));
        Path said = folder.resolve("recipe");
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile());
        builder.environment().put("SPARK_HOME", folder.resolve("spark home").toString());
        builder.start().waitFor();
        return Files.readAllLines(said);
    }
}
