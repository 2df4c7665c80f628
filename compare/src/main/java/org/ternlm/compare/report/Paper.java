package org.ternlm.compare.report;

import java.util.List;
import java.util.Map;

/// What the papers report: Ma et al., "The Era of 1-bit LLMs", arXiv 2402.17764, and Wang et al., "BitNet", arXiv
/// 2310.11453. Measured by their authors, on their GPUs, with models of 700 million weights and more; never to be mixed
/// with what is measured here.
final class Paper {
    static final String NAME = "the paper (2402.17764)";

    /// Size, then how many times less than LLaMA in float16 BitNet b1.58 takes: latency and memory (figure 2; 700M from
    /// table 1). On GPUs (A100).
    static final Map<String, double[]> COST_RATIOS = Map.of("700M", new double[] {1.23, 2.60}, "1.3B",
            new double[] {1.67,
                    2.93},
            "3B", new double[] {2.71, 3.55}, "7B", new double[] {2.90, 4.40}, "13B", new double[] {3.68, 5.12},
            "70B", new double[] {4.10, 7.16});

    /// Batch and throughput of 70B on two A100 with 80 GB, how many times those of LLaMA (table 3).
    static final double BATCH_RATIO = 11.0;
    static final double THROUGHPUT_RATIO = 8.9;

    /// Size, perplexity of LLaMA and of BitNet b1.58, the mean over WikiText-2 and C4 (table 1).
    static final List<List<String>> PERPLEXITIES = List.of(List.of("700M", "12.33", "12.87"), List.of("1.3B", "11.25",
            "11.29"), List.of("3B", "10.04", "9.91"));

    /// Its table 2: zero-shot accuracy in percent.
    static final List<List<String>> ACCURACIES = List.of(
            List.of("700M LLaMA", "54.7", "23.0", "37.0", "60.0", "20.2", "68.9", "54.8", "45.5"),
            List.of("700M BitNet b1.58", "51.8", "21.4", "35.1", "58.2", "20.0", "68.1", "55.2", "44.3"),
            List.of("1.3B LLaMA", "56.9", "23.5", "38.5", "59.1", "21.6", "70.0", "53.9", "46.2"),
            List.of("1.3B BitNet b1.58", "54.9", "24.2", "37.7", "56.7", "19.6", "68.8", "55.8", "45.4"),
            List.of("3B LLaMA", "62.1", "25.6", "43.3", "61.8", "24.6", "72.1", "58.2", "49.7"),
            List.of("3B BitNet b1.58", "61.4", "28.3", "42.9", "61.5", "26.6", "71.5", "59.3", "50.2"));

    /// Picojoules at 7 nm (2310.11453, table 2).
    static final double INT8_ADD = 0.007;
    static final double HALF_ADD = 0.16;
    static final double HALF_MULTIPLY = 0.34;

    /// log₂ 3.
    static final double BITS_OF_A_TRIT = Math.log(3) / Math.log(2);

    private Paper() {}
}
