package org.ternlm.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ternlm.kernel.scalar.ScalarDenseKernel;
import org.ternlm.kernel.scalar.ScalarFloatKernel;
import org.ternlm.kernel.scalar.ScalarIntegerKernel;
import org.ternlm.kernel.scalar.ScalarLookupKernel;
import org.ternlm.kernel.scalar.ScalarTileUnpacking;
import org.ternlm.quant.Packings;

/// Libraries that are there, absent or broken; what is logged about them.
@Timeout(60)
class NativeSelectionTest {
    private static final Logger LOG = Logger.getLogger("org.ternlm.kernel");

    /// A library as the class path would have it.
    private record Provided(String name, Supplier<ByteProducts> library) implements ByteProductsProvider {
        @Override
        public ByteProducts open() {
            return library.get();
        }
    }

    private static NativeSelection with(ByteProductsProvider... providers) {
        return new NativeSelection(() -> List.of(providers), new ScalarTileUnpacking());
    }

    /// The lines that `task` logs.
    private static List<String> logged(Runnable task) {
        List<String> lines = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                lines.add(line.getMessage());
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        LOG.setUseParentHandlers(false);
        LOG.addHandler(handler);
        try {
            task.run();
        } finally {
            LOG.removeHandler(handler);
            LOG.setUseParentHandlers(true);
        }
        return lines;
    }

    /// Opens kernels with such a choice, and waits until they are warm.
    private static String stateWhenWarm(NativeSelection selection, NativeChoice choice) {
        ScalarLookupKernel lookup = new ScalarLookupKernel(Packings.LUT9);
        Kernels plain = new Kernels(lookup, new ScalarLookupKernel(Packings.LUT15), new ScalarDenseKernel(),
                new ScalarIntegerKernel(), new ScalarFloatKernel(), new Workers(1));
        try (Kernels kernels = WarmUp.begin(plain.withManyTokens(selection.open(choice)))) {
            while (Thread.getAllStackTraces().keySet().stream().anyMatch(thread -> thread.getName().equals(
                    "tern-warm-up"))) {
                Thread.onSpinWait();
            }
            return kernels.manyTokens().state();
        }
    }

    @Test
    void anAbsentLibraryIsNoNewsUnlessItWasAskedFor() {
        assertThat(logged(() -> assertThat(stateWhenWarm(with(), NativeChoice.AUTO)).isEqualTo(
                "none on the class path"))).isEmpty();
        assertThatThrownBy(() -> with().open(NativeChoice.ONEDNN)).isExactlyInstanceOf(IllegalArgumentException.class)
                .hasMessage("onednn cannot be had: its module, tern-onednn, is not on the class path");
    }

    @Test
    void aLibraryThatFailsIsOneLineAndPlainJava() {
        Provided broken = new Provided("onednn", () -> {
            throw new UnsatisfiedLinkError("no libsomething.so");
        });
        List<String> lines = logged(() -> {
            assertThat(stateWhenWarm(with(broken), NativeChoice.AUTO)).isEqualTo("failed: no libsomething.so");
            assertThat(stateWhenWarm(with(broken), NativeChoice.AUTO)).isEqualTo("failed: no libsomething.so");
        });
        assertThat(lines).containsExactly("no native products, plain Java instead: no libsomething.so");
        assertThatThrownBy(() -> with(broken).open(NativeChoice.ONEDNN)).isExactlyInstanceOf(
                IllegalArgumentException.class).hasMessage("onednn cannot be had: no libsomething.so");
    }

    @Test
    void aServiceFileThatIsWrongIsALibraryThatFails() {
        NativeSelection selection = new NativeSelection(() -> {
            throw new ByteProductsException("no such class");
        }, new ScalarTileUnpacking());
        assertThat(logged(() -> assertThat(stateWhenWarm(selection, NativeChoice.AUTO)).isEqualTo(
                "failed: no such class"))).hasSize(1);
    }

    @Test
    void aLibraryThatFailsAtItsFirstProductIsLeft() {
        PlainProducts plain = new PlainProducts();
        ByteProducts failing = new FailingProducts("first product");
        assertThat(logged(() -> assertThat(stateWhenWarm(with(new Provided("onednn", () -> failing)),
                NativeChoice.AUTO)).isEqualTo("failed: first product"))).hasSize(1);
        assertThat(stateWhenWarm(with(new Provided("onednn", () -> plain)), NativeChoice.OFF)).isEqualTo("off");
        assertThat(plain.isClosed()).as("never opened").isFalse();
    }

    /// The plain loops are slower than the scalar kernels' tables.
    @Test
    void aSlowLibraryIsLeftAndClosed() {
        PlainProducts plain = new PlainProducts();
        assertThat(logged(() -> assertThat(stateWhenWarm(with(new Provided("onednn", () -> plain)),
                NativeChoice.AUTO)).startsWith("plain: LUT9 "))).isEmpty();
        assertThat(plain.isClosed()).isTrue();
    }
}
