package org.ternlm.compare.step;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/// Shell scripts that do as if they were tern: each command leaves in a moment what tern leaves after minutes.
final class Scripts {
    private Scripts() {}

    /// Writes a tern that notes each start in `calls`, and fails or dies where a file in `orders` says so: a file named like
    /// a command holds what the script does before it works.
    static Path tern(Path folder) throws IOException {
        Files.createDirectories(folder.resolve("orders"));
        Path script = folder.resolve("tern");
        Files.writeString(script,
                """
                        #!/bin/sh
                        here=HERE
                        echo "$*" >>"$here/calls"
                        if [ -f "$here/orders/$1" ]; then . "$here/orders/$1"; fi
                        folder() { sed -n 's#^ *folder: "\\(.*/runs/[^/"]*\\)"$#\\1#p' "$1"; }
                        after() { wanted=$1; shift; while [ $# -gt 0 ]; do [ "$1" = "$wanted" ] && echo "$2"; shift; done; }
                        case "$1 $*" in
                            train*--estimate*) echo "a step: 1,500 ms, 10 tokens/s" ;;
                            train*--sweep-lr*)
                                out=$(folder "$2")
                                mkdir -p "$out/sweep"
                                echo '{"rates":{"0":0.001},"losses":{"0":3.5},"best_rate":0.002}' >"$out/sweep/rates.json" ;;
                            train*)
                                out=$(folder "$2")
                                mkdir -p "$out/tokenizer" "$out/corpus" "$out/dense" "$out/master" "$out/checkpoints"
                                echo '{"fingerprint":"f","identity":{"training":[]},"splits":{"training":{"tokens":5000,"documents":9}}}' >"$out/corpus/corpus.json"
                                echo '{}' >"$out/tokenizer/tokenizer.json"
                                echo '{"step":1,"loss":5.0,"tokens":100,"tokens_per_second":10}
                        {"step":2,"loss":4.0,"tokens":200,"tokens_per_second":20}
                        {"step":2,"validation_loss":4.5,"bits_per_byte":2.0,"tokens":200}' >"$out/log.jsonl" ;;
                            convert*) mkdir -p "$3"; echo weights >"$3/model.safetensors"; echo "out: f16, 8 bytes in 0.3 s; read back" >&2 ;;
                            score*) sed 's/.*/{"tokens":[1,2,3],"logprobs":[null,-1.5,-2.5],"sum":-4}/' "$(after --file "$@")" ;;
                            *) echo '{"results":[{"tests":[]}]}' ;;
                        esac
                        """
                        .replace("HERE", folder.toString()));
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
        return script;
    }
}
