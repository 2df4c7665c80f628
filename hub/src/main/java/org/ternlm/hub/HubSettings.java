package org.ternlm.hub;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Which hub is asked and where the cache lies, by the variables that `huggingface_hub` reads too: `HF_ENDPOINT`,
/// `HF_TOKEN`, `HF_TOKEN_PATH`, `HF_HOME`, `HF_HUB_CACHE`, `XDG_CACHE_HOME`, `HF_HUB_OFFLINE`.
///
/// @param endpoint the hub, without a slash at the end
/// @param token what it is shown, if it wants to see one
/// @param cache the folder of all cached repositories; it may be missing
/// @param offline whether the hub must not be asked
public record HubSettings(URI endpoint, AccessToken token, Path cache, boolean offline) {
    private static final String PUBLIC_HUB = "https://huggingface.co";
    private static final Set<String> TRUE = Set.of("1", "on", "yes", "true");

    /// The settings of this process: environment variables, or system properties of the same names, which win.
    ///
    /// @throws HubException if `HF_ENDPOINT` is no address
    public static HubSettings ofProcess() {
        return of(name -> System.getProperty(name, System.getenv(name)));
    }

    /// The settings that `variable` gives; null or an empty text stand for none.
    ///
    /// @throws HubException if `HF_ENDPOINT` is no address
    public static HubSettings of(Function<String, @Nullable String> variable) {
        Function<String, Optional<String>> given = name -> Optional.ofNullable(variable.apply(name))
                .filter(value -> !value.isBlank());
        Path home = given.apply("HF_HOME").map(HubSettings::path).orElseGet(() -> given.apply("XDG_CACHE_HOME")
                .map(HubSettings::path).orElseGet(() -> path("~/.cache")).resolve("huggingface"));
        Path cache = given.apply("HF_HUB_CACHE").or(() -> given.apply("HUGGINGFACE_HUB_CACHE")).map(HubSettings::path)
                .orElseGet(() -> home.resolve("hub"));
        Path tokenFile = given.apply("HF_TOKEN_PATH").map(HubSettings::path).orElseGet(() -> home.resolve("token"));
        boolean offline = given.apply("HF_HUB_OFFLINE").or(() -> given.apply("TRANSFORMERS_OFFLINE"))
                .filter(value -> TRUE.contains(value.toLowerCase(Locale.ROOT))).isPresent();
        return new HubSettings(endpoint(given.apply("HF_ENDPOINT").orElse(PUBLIC_HUB)),
                new AccessToken(given.apply("HF_TOKEN").or(() -> given.apply("HUGGING_FACE_HUB_TOKEN")).orElse(null),
                        tokenFile),
                cache.toAbsolutePath(), offline);
    }

    /// The address of a page of the hub, for messages.
    String page(RepositoryName repository) {
        return endpoint + "/" + repository;
    }

    private static URI endpoint(String text) {
        try {
            URI endpoint = new URI(text.strip().replaceAll("/+$", ""));
            boolean web = "https".equals(endpoint.getScheme()) || "http".equals(endpoint.getScheme());
            if (web && endpoint.getHost() != null && endpoint.getQuery() == null && endpoint.getUserInfo() == null) {
                return endpoint;
            }
        } catch (URISyntaxException notOne) {
            // Said below.
        }
        throw new HubException(HubException.Kind.BAD_NAME,
                "HF_ENDPOINT: expected an address such as " + PUBLIC_HUB + ", found " + text, null);
    }

    private static Path path(String text) {
        boolean inHome = text.equals("~") || text.startsWith("~/");
        return inHome ? Path.of(System.getProperty("user.home"), text.substring(1)) : Path.of(text);
    }
}
