package org.ternlm.compare.config;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.ternlm.format.ModelFormatException;

/// A whole comparison. Paths in its file are relative to the file's own folder.
///
/// @param name of the comparison
/// @param file that says it
/// @param folder where all goes that comes out
/// @param texts learnt and scored
/// @param vocabulary size of the tokenizer to learn; 0 where there is a folder with one
/// @param tokenizer folder of one that exists
/// @param sizes the shapes, smallest first
/// @param arms what is compared
/// @param styles for each set what surrounds the arms' linear layers; the sets in order
/// @param seeded the size at which all seeds are trained
/// @param seeds of weights and of the order of data; the first is that of all other sizes
/// @param recipe of all arms
/// @param sweptAt the size whose learning rates are swept; empty: each size's
/// @param sweepSteps steps of each short run
/// @param measures beside the loss
/// @param spectrum of one LLaMA, if wanted
/// @param geometries if wanted
/// @param small runs under limits of memory
/// @param threads that compute, 0 for all
public record Experiment(String name, Path file, Path folder, Texts texts, int vocabulary, Optional<Path> tokenizer,
        List<Size> sizes, List<Arm> arms, Map<ArmSet, Map<Arm, Style>> styles, Size seeded, List<Long> seeds,
        Recipe recipe, Optional<Size> sweptAt, long sweepSteps, Measures measures, Optional<Spectrum> spectrum,
        Optional<Geometries> geometries, SmallDevice small, int threads) {

    public Experiment {
        sizes = List.copyOf(sizes);
        arms = List.copyOf(arms);
        styles = new EnumMap<>(styles);
        seeds = List.copyOf(seeds);
    }

    /// Reads a YAML file.
    ///
    /// @throws ModelFormatException if it is missing, is no YAML, or a value is missing, impossible or unknown
    public static Experiment read(Path file) {
        JsonNode root;
        try {
            root = new YAMLMapper().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw ModelFormatException.in(file).expected("YAML").found(e.getOriginalMessage()).cause(e).problem();
        } catch (IOException e) {
            throw ModelFormatException.in(file).expected("a readable file")
                    .found(Files.exists(file) ? e.getMessage() : "nothing there").cause(e).problem();
        }
        Path parent = file.toAbsolutePath().normalize().getParent();
        return read(file, withPaths(root), parent == null ? Path.of("") : parent);
    }

    /// Where a source is a text, it is meant to be a mapping with that path.
    private static JsonNode withPaths(JsonNode root) {
        if (root.path("data") instanceof ObjectNode data && data.has("sources")) {
            JsonNode sources = data.get("sources");
            ArrayNode mapped = data.putArray("sources");
            for (JsonNode source : sources.isArray() ? sources : List.of(sources)) {
                mapped.add(source.isTextual() ? mapped.objectNode().set("path", source) : source);
            }
        }
        return root;
    }

    private static Experiment read(Path file, JsonNode root, Path base) {
        Section top = new Section(file, "", root);
        String name = top.text("name");
        if (!name.matches("[A-Za-z0-9._-]{1,60}")) {
            throw top.problem("name", "letters, digits, dots and dashes");
        }
        List<Size> sizes = sizes(top);
        List<Arm> arms = top.choices("arms", Arm.all(), Arm::configName, Arm.all());
        Recipe recipe = Recipe.read(top.child("recipe"), arms);
        Section tokenizer = top.child("tokenizer");
        Section seeds = top.child("seeds");
        List<Long> numbers = seeds.wholes("values", 0, Long.MAX_VALUE);
        Section sweep = top.child("sweep");
        boolean each = sweep.text("size", "").equals("each");
        boolean hasFolder = tokenizer.has("folder");
        Map<ArmSet, Map<Arm, Style>> styles = styles(top, arms);
        Experiment read = new Experiment(name, file, base.resolve(top.child("output").text("folder", "runs/" + name))
                .normalize(), Texts.read(top.child("data"), base, file),
                hasFolder ? 0 : (int) tokenizer.whole("vocabulary", 260, 1 << 20),
                hasFolder ? Optional.of(base.resolve(tokenizer.text("folder")).normalize()) : Optional.empty(),
                sizes, arms, styles, seeds.choice("size", sizes, Size::name, sizes.getFirst()),
                numbers.isEmpty() ? List.of(1L) : numbers, recipe,
                each ? Optional.empty() : Optional.of(sweep.choice("size", sizes, Size::name, sizes.getFirst())),
                sweep.whole("steps", 1, 1_000_000_000, Math.max(1, recipe.steps() / 10)),
                Measures.read(top.child("bench"), top.child("tasks"), base, recipe.length()),
                top.has("spectrum")
                        ? Optional.of(Spectrum.read(top.child("spectrum"), sizes, List.copyOf(styles.keySet())))
                        : Optional.empty(),
                top.has("geometry") ? Optional.of(Geometries.read(top.child("geometry"))) : Optional.empty(),
                SmallDevice.read(top.child("small_device")), (int) top.child("compute").whole("threads", 0, 1024, 0));
        top.checkNothingLeft();
        if (read.spectrum.isPresent() && !arms.contains(Arm.LLAMA)) {
            throw top.problem("spectrum", "no spectrum without the arm llama; it would be");
        }
        return read;
    }

    private static List<Size> sizes(Section top) {
        List<Size> sizes = top.items("sizes").stream().map(Size::read).toList();
        Set<String> names = new HashSet<>();
        if (sizes.isEmpty() || !sizes.stream().allMatch(size -> names.add(size.name()))) {
            throw top.problem("sizes", "at least one size, each with a name of its own");
        }
        for (int i = 1; i < sizes.size(); i++) {
            if (sizes.get(i).linearWeights() <= sizes.get(i - 1).linearWeights()) {
                throw top.problem("sizes", "the smallest first, by the weights of linear layers");
            }
        }
        return sizes;
    }

    private static Map<ArmSet, Map<Arm, Style>> styles(Section top, List<Arm> arms) {
        Style common = Style.read(top.child("model"), Style.USUAL);
        Section own = top.child("own");
        List<ArmSet> sets = top.choices("sets", List.of(ArmSet.values()), ArmSet::configName, List.of(ArmSet.ALONE));
        Map<ArmSet, Map<Arm, Style>> styles = new EnumMap<>(ArmSet.class);
        for (ArmSet set : sets) {
            Map<Arm, Style> ofSet = new EnumMap<>(Arm.class);
            arms.forEach(arm -> ofSet.put(arm, set == ArmSet.ALONE
                    ? common
                    : Style.read(own.child(arm.configName()), Style.own(arm))));
            styles.put(set, ofSet);
        }
        return styles;
    }

    /// What surrounds the linear layers of an arm.
    public Style style(ArmSet set, Arm arm) {
        Style style = styles.getOrDefault(set, Map.of()).get(arm);
        if (style == null) {
            throw new IllegalArgumentException("%s has no %s".formatted(name, set));
        }
        return style;
    }

    /// The sets, in order.
    public List<ArmSet> sets() {
        return List.copyOf(styles.keySet());
    }
}
