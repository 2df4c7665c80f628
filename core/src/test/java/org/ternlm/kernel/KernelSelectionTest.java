package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

@ResourceLock("tern.kernels")
class KernelSelectionTest {
    @AfterEach
    void forget() {
        System.clearProperty("tern.kernels");
    }

    @Test
    void takesVectorsWhereNothingRefusesThem() {
        KernelSelection selection = KernelSelection.choose();
        assertThat(selection.provider()).isEqualTo("vector");
        assertThat(selection.vectorBits()).isIn(128, 256, 512);
        assertThat(selection.refusals()).isEmpty();
        try (Kernels kernels = selection.open(1)) {
            assertThat(kernels.ternary().name()).isEqualTo("vector-" + selection.vectorBits());
        }
    }

    @Test
    void scalarOnRequestSaysWhyNotBetter() {
        System.setProperty("tern.kernels", "scalar");
        KernelSelection selection = KernelSelection.choose();
        assertThat(selection.vectorBits()).isZero();
        assertThat(selection.refusals()).singleElement().satisfies(refusal -> {
            assertThat(refusal.provider()).isEqualTo("vector");
            assertThat(refusal.reason()).contains("tern.kernels=scalar");
        });
        try (Kernels kernels = selection.open(2)) {
            assertThat(kernels.ternary().name()).isEqualTo("scalar");
            assertThat(kernels.workers().parallelism()).isEqualTo(2);
        }
    }

    @Test
    void refusesUnknownNames() {
        System.setProperty("tern.kernels", "gpu");
        assertThatThrownBy(KernelSelection::choose).isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("gpu");
    }

    @Test
    @ResourceLock("tern.sparse")
    void skipsColumnsOnRequestAlone() {
        try (Kernels kernels = KernelSelection.choose().open(1)) {
            assertThat(kernels.sparse()).isNull();
        }
        try {
            System.setProperty("tern.sparse", "on");
            KernelSelection chosen = KernelSelection.choose();
            try (Kernels kernels = chosen.open(1)) {
                assertThat(kernels.sparse() != null).isEqualTo(chosen.vectorBits() == 512);
            }
            System.setProperty("tern.sparse", "maybe");
            assertThatThrownBy(KernelSelection::choose).isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("expected on or off, found maybe");
        } finally {
            System.clearProperty("tern.sparse");
        }
    }
}
