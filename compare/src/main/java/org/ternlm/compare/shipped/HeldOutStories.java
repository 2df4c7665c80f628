package org.ternlm.compare.shipped;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/// Stories that none of the models was trained on: the first sixty of TinyStories' validation set (Ronen Eldan and
/// Yuanzhi Li, arXiv 2305.07759, CDLA-Sharing-1.0).
final class HeldOutStories {
    private static final String RESOURCE = "held-out-stories.txt";
    private static final String END = "<|endoftext|>";

    private HeldOutStories() {}

    static List<String> read() throws IOException {
        try (InputStream in = HeldOutStories.class.getResourceAsStream(RESOURCE)) {
            if (in == null) {
                throw new IOException("the program lacks its resource " + RESOURCE);
            }
            String all = new String(in.readAllBytes(), StandardCharsets.UTF_8);
            return Arrays.stream(all.split(Pattern.quote(END), -1)).map(String::strip)
                    .filter(story -> !story.isEmpty()).toList();
        }
    }
}
