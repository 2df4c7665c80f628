package org.ternlm.compare.config;

import java.util.List;

/// Runs under a limit of memory.
///
/// @param megabytes the limits, in MB of 1,000,000 bytes; empty: nothing is run
/// @param wrapper a command that limits what comes behind it, `{mb}` standing for the limit, word by word
public record SmallDevice(List<Long> megabytes, List<String> wrapper) {
    public SmallDevice {
        megabytes = List.copyOf(megabytes);
        wrapper = List.copyOf(wrapper);
    }

    static SmallDevice read(Section section) {
        List<Long> limits = section.wholes("megabytes", 1, 1 << 20);
        String wrapper = section.text("wrapper", "");
        if (!limits.isEmpty() && !wrapper.contains("{mb}")) {
            throw section.problem("wrapper",
                    "a command with {mb} in it, such as systemd-run --scope -p MemoryMax={mb}M,");
        }
        return new SmallDevice(limits, wrapper.isEmpty() ? List.of() : List.of(wrapper.split(" +")));
    }
}
