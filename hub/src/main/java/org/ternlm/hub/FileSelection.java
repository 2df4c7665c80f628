package org.ternlm.hub;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Which files of a repository are fetched. Without patterns, those at its root that a model needs: configuration,
/// tokenizer, chat template and weights; safetensors where there are any, else its one GGUF model.
///
/// Weights in Python's pickle format, which may hold programs, are not among them; Tern never opens such a file.
///
/// @param include patterns of the files to fetch instead; empty for those that a model needs
/// @param exclude patterns of files that are left out in any case
public record FileSelection(List<String> include, List<String> exclude) {
    /// What a model needs.
    public static final FileSelection NEEDED = new FileSelection(List.of(), List.of());

    private static final Pattern SMALL = Pattern.compile("config.*\\.json|generation_config\\.json|tokenizer.*"
            + "|special_tokens_map\\.json|added_tokens\\.json|vocab\\.(json|txt)|merges\\.txt"
            + "|(chat_template|processor_config|preprocessor_config).*\\.(json|jinja)");
    private static final Pattern PICKLE = Pattern.compile(".*\\.(bin|pt|pth|ckpt|pkl|pickle)");
    private static final String SINGLE = "model.safetensors";
    private static final String INDEX = "model.safetensors.index.json";
    private static final Pattern SHARD = Pattern.compile("model-\\d+-of-\\d+\\.safetensors");
    private static final Pattern SPLIT_GGUF = Pattern.compile("(.*)-\\d+-of-(\\d+)\\.gguf");
    private static final int MOST_NAMES = 8;

    public FileSelection {
        include = List.copyOf(include);
        exclude = List.copyOf(exclude);
    }

    /// Whether patterns name the files.
    boolean isByName() {
        return !include.isEmpty();
    }

    /// Whether patterns take a file, or leave it out.
    boolean admits(String path) {
        return (include.isEmpty() || matchesAny(include, path)) && !matchesAny(exclude, path);
    }

    /// The files to fetch, in the order of the listing.
    ///
    /// @throws HubException if there are none, or the user has to choose
    List<RemoteFile> choose(ModelReference reference, List<RemoteFile> all) {
        List<RemoteFile> admitted = all.stream().filter(file -> admits(file.path())).toList();
        if (isByName()) {
            if (admitted.isEmpty()) {
                throw nothing("no file of %s matches --include %s".formatted(reference, String.join(" ", include)),
                        "it holds " + names(all));
            }
            return admitted;
        }
        List<RemoteFile> root = admitted.stream().filter(RemoteFile::isAtRoot).toList();
        List<RemoteFile> chosen = new ArrayList<>(root.stream().filter(file -> isSmall(file.path())).toList());
        chosen.addAll(weights(reference, root, all));
        return chosen;
    }

    private static boolean isSmall(String path) {
        return SMALL.matcher(path).matches() && !PICKLE.matcher(path).matches();
    }

    private static List<RemoteFile> weights(ModelReference reference, List<RemoteFile> root, List<RemoteFile> all) {
        Set<String> names = root.stream().map(RemoteFile::path).collect(Collectors.toSet());
        Pattern wanted = Pattern.compile(names.contains(SINGLE)
                ? Pattern.quote(SINGLE)
                : names.contains(INDEX)
                        ? SHARD.pattern() + "|" + Pattern.quote(INDEX)
                        : ".*\\.safetensors|.*\\.safetensors\\.index\\.json");
        List<RemoteFile> safetensors = root.stream().filter(file -> wanted.matcher(file.path()).matches()).toList();
        return safetensors.isEmpty() ? gguf(reference, root, all) : safetensors;
    }

    private static List<RemoteFile> gguf(ModelReference reference, List<RemoteFile> root, List<RemoteFile> all) {
        List<RemoteFile> files = root.stream().filter(file -> file.path().endsWith(".gguf")).toList();
        Set<String> models = new TreeSet<>();
        for (RemoteFile file : files) {
            Matcher split = SPLIT_GGUF.matcher(file.path());
            models.add(split.matches() ? split.group(1) + "-*-of-" + split.group(2) + ".gguf" : file.path());
        }
        if (models.size() == 1) {
            return files;
        }
        if (models.size() > 1) {
            throw nothing("%s holds %d GGUF models: %s".formatted(reference, models.size(), joined(models)),
                    "choose one by --include");
        }
        List<RemoteFile> pickles = all.stream().filter(file -> PICKLE.matcher(file.path()).matches()).toList();
        throw pickles.isEmpty()
                ? nothing("%s holds no weights in safetensors or GGUF".formatted(reference),
                        "it holds " + names(all) + "; --include takes any")
                : nothing("%s has its weights in pickles only: %s".formatted(reference, names(pickles)),
                        "a pickle can run programs, and Tern opens none");
    }

    private static boolean matchesAny(List<String> globs, String path) {
        return globs.stream().anyMatch(glob -> Glob.of(glob).matches(path));
    }

    private static String names(List<RemoteFile> files) {
        return files.isEmpty() ? "nothing" : joined(files.stream().map(RemoteFile::path).toList());
    }

    private static String joined(java.util.Collection<String> names) {
        String first = names.stream().limit(MOST_NAMES).collect(Collectors.joining(", "));
        return names.size() > MOST_NAMES ? first + ", … (%,d in all)".formatted(names.size()) : first;
    }

    private static HubException nothing(String message, String hint) {
        return new HubException(HubException.Kind.NOT_FOUND, message, hint);
    }
}
