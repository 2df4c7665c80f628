package org.ternlm.hub;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Asks a hub which commit a revision is and what that holds.
///
/// - `GET /api/models/{repository}/revision/{revision}` → `{"sha": commit}`
/// - `GET /api/models/{repository}/tree/{commit}?recursive=true` → pages of
///   `{"type": "file", "path", "size", "oid": Git blob, "lfs": {"oid": SHA-256, "size"}}`, the next one in `Link`
/// - `GET /{repository}/resolve/{commit}/{path}` → the file, or a redirect to where it lies
final class HubApi {
    private static final int LARGEST_ANSWER = 32_000_000;
    private static final int MOST_PAGES = 200;
    private static final Pattern NEXT = Pattern.compile("<([^>]*)>\\s*;\\s*rel=\"?next\"?");
    private static final JsonMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(64).build()).build()).build();

    private final HubSettings settings;
    private final Transport transport;
    private final ModelReference reference;
    private final Refusal refusal;

    HubApi(HubSettings settings, Transport transport, ModelReference reference) {
        this.settings = settings;
        this.transport = transport;
        this.reference = reference;
        this.refusal = new Refusal(settings, reference, transport.hasToken());
    }

    /// What the revision holds.
    ///
    /// @throws HubException if there is none, or the hub does not say
    Listing listing(Patience patience) throws InterruptedException {
        String commit = commit(patience);
        List<RemoteFile> files = new ArrayList<>();
        Optional<URI> page = Optional.of(address("tree/" + commit + "?recursive=true"));
        for (int pages = 0; page.isPresent(); pages++) {
            if (pages == MOST_PAGES) {
                throw notUnderstood("more than " + MOST_PAGES + " pages of files");
            }
            Page next = page(page.get(), patience);
            if (!next.json().isArray()) {
                throw notUnderstood("no list of files");
            }
            next.json().forEach(entry -> file(entry).ifPresent(files::add));
            page = next.next();
        }
        return new Listing(commit, files);
    }

    /// Where a file of a commit is fetched.
    URI file(String commit, RemoteFile file) {
        return URI.create("%s/%s/resolve/%s/%s".formatted(settings.endpoint(), reference.repository(), commit,
                SafePath.inAddress(file.path())));
    }

    /// What an answer to such a request means that is not the file.
    IOException refused(Answer answer, RemoteFile file) {
        return refusal.of(answer, file.path(), transport.isHub(answer.address()));
    }

    private String commit(Patience patience) throws InterruptedException {
        String commit = page(address("revision/" + SafePath.encoded(reference.revision())), patience).json()
                .path("sha").asText();
        if (!ModelReference.isCommit(commit)) {
            throw notUnderstood("no commit");
        }
        return commit;
    }

    private URI address(String rest) {
        return URI.create("%s/api/models/%s/%s".formatted(settings.endpoint(), reference.repository(), rest));
    }

    private record Page(JsonNode json, Optional<URI> next) {}

    private Page page(URI address, Patience patience) throws InterruptedException {
        return Retries.until(patience, settings.endpoint().toString(), () -> {
            try (Answer answer = transport.get(address, 0)) {
                if (answer.status() != 200) {
                    throw refusal.of(answer, reference.repository().text(), transport.isHub(answer.address()));
                }
                return new Page(parse(answer), next(answer));
            }
        });
    }

    private JsonNode parse(Answer answer) throws IOException {
        byte[] bytes = answer.body().readNBytes(LARGEST_ANSWER + 1);
        if (bytes.length > LARGEST_ANSWER) {
            throw notUnderstood("more than %,d bytes".formatted(LARGEST_ANSWER));
        }
        try {
            return JSON.readTree(bytes);
        } catch (JsonProcessingException noJson) {
            throw notUnderstood("something that is no JSON");
        }
    }

    private Optional<URI> next(Answer answer) {
        Matcher link = NEXT.matcher(answer.header("Link").orElse(""));
        if (!link.find()) {
            return Optional.empty();
        }
        try {
            URI next = answer.address().resolve(link.group(1));
            if (transport.isHub(next)) {
                return Optional.of(next);
            }
        } catch (IllegalArgumentException noAddress) {
            // Said below.
        }
        throw notUnderstood("a next page at '" + link.group(1) + "'");
    }

    private Optional<RemoteFile> file(JsonNode entry) {
        if (!entry.path("type").asText().equals("file")) {
            return Optional.empty();
        }
        String path = entry.path("path").asText();
        JsonNode large = entry.path("lfs");
        JsonNode size = large.isObject() && large.has("size") ? large.path("size") : entry.path("size");
        if (!size.isIntegralNumber() || !size.canConvertToLong()) {
            throw notUnderstood("no size of '" + path + "'");
        }
        Checksum checksum = large.isObject()
                ? new Checksum.Sha256(large.path("oid").asText().replaceFirst("^sha256:", ""))
                : new Checksum.GitBlob(entry.path("oid").asText(), size.longValue());
        return Optional.of(new RemoteFile(path, size.longValue(), checksum));
    }

    private HubException notUnderstood(String found) {
        return new HubException(HubException.Kind.BAD_ANSWER,
                "%s: the hub %s answered with %s".formatted(reference, settings.endpoint(), found),
                "HF_ENDPOINT has to be a hub as huggingface.co is one");
    }
}
