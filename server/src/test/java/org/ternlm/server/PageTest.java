package org.ternlm.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.ternlm.server.Served.Reply;

class PageTest {
    private static final Pattern REFERENCE = Pattern.compile("(?:src|href)=\"([^\"#:]+)\"|from '\\./([^']+)'");
    private static Served served;

    @BeforeAll
    static void start() {
        served = Served.start(options -> options.withApiKey("key"));
    }

    @AfterAll
    static void stop() {
        served.close();
    }

    @Test
    void isThereWithAllThatItRefersTo() {
        Reply page = served.get("/");
        assertThat(page.status()).isEqualTo(200);
        assertThat(page.whole().headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(page.whole().headers().firstValue("Content-Security-Policy").orElseThrow()).contains(
                "default-src 'none'", "script-src 'self'", "frame-ancestors 'none'").doesNotContain("unsafe", "http");
        assertThat(page.whole().headers().firstValue("Cache-Control")).contains("no-cache");
        assertRefersToWhatIsThere(page.body());
    }

    private static void assertRefersToWhatIsThere(String text) {
        Matcher reference = REFERENCE.matcher(text);
        while (reference.find()) {
            String name = reference.group(1) == null ? reference.group(2) : reference.group(1);
            Reply file = served.get("/" + name);
            assertThat(file.status()).as(name).isEqualTo(200);
            assertThat(file.whole().headers().firstValue("Content-Type").orElseThrow()).as(name).startsWith(
                    name.endsWith(".js")
                            ? "text/javascript"
                            : name.endsWith(".css") ? "text/css" : "image/svg+xml");
            if (name.endsWith(".js") && !name.equals("main.js") || text.startsWith("<")) {
                continue;
            }
            assertRefersToWhatIsThere(file.body());
        }
    }

    @Test
    void isNotSentAgainWhereItIsKnown() {
        String tag = served.get("/").whole().headers().firstValue("ETag").orElseThrow();
        Reply again = served.get("/", "If-None-Match", tag);
        assertThat(again.status()).isEqualTo(304);
        assertThat(again.body()).isEmpty();
        assertThat(served.get("/", "If-None-Match", "\"another\"").status()).isEqualTo(200);
    }

    @Test
    void onlyItsFilesAreServed() {
        for (String path : new String[] {"/index.html", "/page/index.html", "/openapi.json.js", "/../openapi.json",
                "/package-info.class", "/%69ndex.html", "//main.js"}) {
            assertThat(served.get(path).status()).as(path).isIn(404, 400);
        }
    }
}
