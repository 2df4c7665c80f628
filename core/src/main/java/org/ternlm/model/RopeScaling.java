package org.ternlm.model;

import java.util.List;

/// How rotary position embeddings are stretched beyond the context that a model was first trained on.
public sealed interface RopeScaling {

    /// The factor by which a frequency (radians a position) is multiplied.
    ///
    /// @param pair which of the frequencies; 0 is the fastest
    double frequencyFactor(int pair, double frequency);

    /// As trained.
    record None() implements RopeScaling {
        @Override
        public double frequencyFactor(int pair, double frequency) {
            return 1;
        }
    }

    /// All positions divided by `factor`.
    record Linear(double factor) implements RopeScaling {
        @Override
        public double frequencyFactor(int pair, double frequency) {
            return 1 / factor;
        }
    }

    /// Llama 3.1: long wavelengths divided by `factor`, short ones kept, a smooth passage between.
    ///
    /// @param factor the division of wavelengths above `originalContext / lowFrequencyFactor`
    /// @param lowFrequencyFactor see `factor`
    /// @param highFrequencyFactor wavelengths below `originalContext / highFrequencyFactor` are kept
    /// @param originalContext positions of the first training
    record Llama3(double factor, double lowFrequencyFactor, double highFrequencyFactor, double originalContext)
            implements
                RopeScaling {
        @Override
        public double frequencyFactor(int pair, double frequency) {
            double wavelengths = originalContext * frequency / (2 * Math.PI);
            if (wavelengths < lowFrequencyFactor) {
                return 1 / factor;
            }
            if (wavelengths > highFrequencyFactor) {
                return 1;
            }
            double smooth = (wavelengths - lowFrequencyFactor) / (highFrequencyFactor - lowFrequencyFactor);
            return (1 - smooth) / factor + smooth;
        }
    }

    /// Each frequency divided by a number of its own, as a file lists them (GGUF, `rope_freqs.weight`).
    ///
    /// @param divisors positive, one for each pair
    record Factors(List<Float> divisors) implements RopeScaling {
        public Factors {
            divisors = List.copyOf(divisors);
        }

        @Override
        public double frequencyFactor(int pair, double frequency) {
            return 1 / (double) divisors.get(pair);
        }
    }
}
