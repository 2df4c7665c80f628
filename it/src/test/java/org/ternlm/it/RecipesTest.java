package org.ternlm.it;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.yaml.snakeyaml.Yaml;

/// The recipes of docs/cluster-training.md as far as one machine can run them: two workers on the loopback interface, and the
/// weights that `tern train --nproc 2` leaves.
@DisabledOnOs(OS.WINDOWS)
class RecipesTest {
    private static final Path ROOT = Path.of(System.getProperty("tern.root", "..")).toAbsolutePath().normalize();
    private static final Path TERN = ROOT.resolve("tern");
    private static final String PROGRAM = "/opt/tern/tern";
    private static final String CONFIG = "/data/configs/model.yaml";

    @TempDir
    Path folder;

    @BeforeEach
    void writeCorpus() throws IOException {
        Files.writeString(folder.resolve("corpus.txt"), IntStream.range(0, 300).mapToObj(
                number -> "the cat sat on mat %d and the dog ran home then\n\n".formatted(number)).collect(
                        Collectors
                                .joining()));
    }

    private Path config(String name) throws IOException {
        return Files.writeString(folder.resolve(name + ".yaml"), """
                name: tiny
                model: {arm: b158, hidden: 32, feed_forward: 64, layers: 2, heads: 4, context: 32}
                tokenizer: {vocabulary: 280}
                data: {sources: corpus.txt, separator: "\\n\\n", validation_share: 0.05}
                recipe: {steps: 6, batch: 4, length: 32, rate: 0.01, precision: fp32}
                output: {folder: %s, checkpoint_every: 3, validate_every: 4, validation_tokens: 600}
                compute: {threads: 1}
                """.formatted(folder.resolve(name)));
    }

    private List<Path> weights(String run) throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve(run))) {
            return files.filter(file -> file.toString().endsWith(".safetensors")).map(folder.resolve(run)::relativize)
                    .sorted().toList();
        }
    }

    private void assertTrainedAsByOneCommand(String run) throws IOException, InterruptedException {
        Launch alone = Launch.of(TERN, folder, Map.of(), "train", config("alone").toString(), "--nproc", "2");
        assertThat(alone.exitCode()).as(alone.error()).isZero();
        List<Path> expected = weights("alone");
        assertThat(weights(run)).isEqualTo(expected).hasSizeGreaterThanOrEqualTo(4);
        for (Path file : expected) {
            assertThat(folder.resolve(run).resolve(file)).as("%s", file).hasSameBinaryContentAs(folder.resolve("alone")
                    .resolve(file));
        }
    }

    private void program(Path bin, String name, String script) throws IOException {
        Files.createDirectories(bin);
        Files.setPosixFilePermissions(Files.writeString(bin.resolve(name), "#!/bin/sh\n" + script),
                PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static String freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return Integer.toString(socket.getLocalPort());
        }
    }

    /// Slurm's own programs are not here: `srun` starts its tasks on this machine.
    @Test
    @Tag("soak")
    void slurm() throws IOException, InterruptedException {
        Path bin = folder.resolve("slurm");
        program(bin, "scontrol", "[ \"$1 $2 $3\" = 'show hostnames node[1-2]' ] && printf '127.0.0.1\\nnode2\\n'\n");
        program(bin, "srun", """
                [ "$1" = --kill-on-bad-exit=1 ] || exit 9
                shift
                SLURM_PROCID=1 "$@" &
                SLURM_PROCID=0 "$@" && wait $!
                """);
        Map<String, String> variables = new HashMap<>(Map.of("PATH", bin + ":" + System.getenv("PATH"), "TERN", TERN
                .toString(), "SLURM_JOB_NODELIST", "node[1-2]", "SLURM_NTASKS", "2", "SLURM_JOB_ID", "77"));
        variables.put("MASTER_PORT", freePort());
        Path config = config("slurm");
        Launch.of(TERN, folder, Map.of(), "help", "train");
        Launch job = Launch.of(Path.of("/bin/sh"), folder, variables, ROOT.resolve("recipes/slurm-train.sbatch")
                .toString(), config.toString());
        assertThat(job.exitCode()).as(job.error()).isZero();
        assertTrainedAsByOneCommand("slurm");
        Launch nothing = Launch.of(Path.of("/bin/sh"), folder, variables, ROOT.resolve("recipes/slurm-train.sbatch")
                .toString());
        assertThat(nothing.exitCode()).isNotZero();
        assertThat(nothing.error()).contains("sbatch recipes/slurm-train.sbatch CONFIG");
    }

    @Test
    void manifestsAreWhatTheOperatorsExpect() throws IOException {
        Map<?, ?> job = documents("kubernetes-pytorchjob.yaml").getFirst();
        assertThat(job.get("apiVersion")).isEqualTo("kubeflow.org/v1");
        assertThat(job.get("kind")).isEqualTo("PyTorchJob");
        Map<?, ?> replicas = at(job, "spec", "pytorchReplicaSpecs");
        assertThat(at(replicas, "Worker", "template").toString()).isEqualTo(at(replicas, "Master", "template")
                .toString());
        assertThat(at(replicas, "Master").get("replicas")).isEqualTo(1);
        assertThat(container(job).get("name")).isEqualTo("pytorch");
        List<Map<?, ?>> both = documents("kubernetes-trainjob.yaml");
        assertThat(both.stream().map(document -> (Object) document.get("kind"))).containsExactly("TrainingRuntime",
                "TrainJob");
        assertThat(at(both.getLast(), "spec", "runtimeRef").get("name")).isEqualTo(at(both.getFirst(), "metadata").get(
                "name"));
        assertThat(at(both.getFirst(), "spec", "mlPolicy").containsKey("torch")).isTrue();
    }

    /// In each pod's environment what the operator sets there: of a job with a master, its RANK counts workers from 1.
    @Test
    @Tag("soak")
    void kubernetesWithTheTrainingOperator() throws Exception {
        List<?> command = list(container(documents("kubernetes-pytorchjob.yaml").getFirst()), "command");
        pods(command, "operator", rank -> Map.of("PYTHONUNBUFFERED", "1", "RANK", rank, "WORLD_SIZE", "2"), "MASTER_");
    }

    @Test
    @Tag("soak")
    void kubernetesWithTrainer() throws Exception {
        List<?> command = list(at(documents("kubernetes-trainjob.yaml").getLast(), "spec", "trainer"), "command");
        pods(command, "trainer", rank -> Map.of("PET_NODE_RANK", rank, "PET_NNODES", "2", "PET_NPROC_PER_NODE", "1"),
                "PET_MASTER_");
    }

    @FunctionalInterface
    private interface Place {
        Map<String, String> of(String rank);
    }

    private void pods(List<?> command, String run, Place place, String master) throws Exception {
        Launch.of(TERN, folder, Map.of(), "help", "train");
        String config = config(run).toString();
        assertThat(command.toString()).contains(PROGRAM, CONFIG);
        List<String> words = command.stream().map(word -> word.toString().replace(PROGRAM, TERN.toString()).replace(
                CONFIG, config)).toList();
        String port = freePort();
        List<Future<Launch>> pods = new ArrayList<>();
        // All at once, however few processors there are: they wait for each other.
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (String rank : List.of("0", "1")) {
                Map<String, String> variables = new HashMap<>(place.of(rank));
                variables.put(master + "ADDR", "127.0.0.1");
                variables.put(master + "PORT", port);
                pods.add(threads.submit(() -> Launch.of(Path.of(words.getFirst().equals("sh")
                        ? "/bin/sh"
                        : words
                                .getFirst()),
                        folder, variables, words.subList(1, words.size()).toArray(String[]::new))));
            }
        }
        for (Future<Launch> pod : pods) {
            assertThat(pod.get().exitCode()).as(pod.get().error()).isZero();
        }
        assertTrainedAsByOneCommand(run);
    }

    private static List<Map<?, ?>> documents(String recipe) throws IOException {
        List<Map<?, ?>> documents = new ArrayList<>();
        for (Object document : new Yaml().loadAll(Files.readString(ROOT.resolve("recipes").resolve(recipe)))) {
            documents.add((Map<?, ?>) document);
        }
        return documents;
    }

    private static Map<?, ?> container(Map<?, ?> job) {
        return (Map<?, ?>) Objects.requireNonNull(list(at(job, "spec", "pytorchReplicaSpecs", "Master", "template",
                "spec"), "containers").getFirst());
    }

    private static List<?> list(Map<?, ?> document, String name) {
        return (List<?>) Objects.requireNonNull(document.get(name));
    }

    private static Map<?, ?> at(Map<?, ?> document, String... path) {
        Map<?, ?> place = document;
        for (String name : path) {
            place = (Map<?, ?>) Objects.requireNonNull(place.get(name));
        }
        return place;
    }
}
