package org.ternlm.train.fused;

import java.util.Locale;
import org.bytedeco.javacpp.PointerScope;
import org.bytedeco.pytorch.Dispatcher;
import org.bytedeco.pytorch.IValue;
import org.bytedeco.pytorch.IValueVector;
import org.bytedeco.pytorch.NoGradGuard;
import org.bytedeco.pytorch.OperatorHandle;
import org.bytedeco.pytorch.Tensor;
import org.bytedeco.pytorch.global.torch;

/// libtorch's matrix products into memory that is there already.
final class Products {
    private static final OperatorHandle INT_MM = Dispatcher.singleton().findSchemaOrThrow("aten::_int_mm", "out");

    private Products() {}

    /// Whether integer products are fast here: elsewhere libtorch has plain loops for them.
    static boolean fastIntegers() {
        String machine = System.getProperty("os.arch", "").toLowerCase(Locale.ROOT);
        return machine.equals("amd64") || machine.equals("x86_64");
    }

    /// out = a · b, of floats or bfloat16.
    static void multiply(Tensor a, Tensor b, Tensor out) {
        try (NoGradGuard frozen = new NoGradGuard(); PointerScope scope = new PointerScope()) {
            torch.mm_out(out, a, b);
        }
    }

    /// out = a · b for each of several matrices, the first dimension.
    static void multiplyEach(Tensor a, Tensor b, Tensor out) {
        try (NoGradGuard frozen = new NoGradGuard(); PointerScope scope = new PointerScope()) {
            torch.bmm_out(out, a, b);
        }
    }

    /// out = a · b, int8 by int8 to exact int32.
    static void multiplyIntegers(Tensor a, Tensor b, Tensor out) {
        try (NoGradGuard frozen = new NoGradGuard();
                PointerScope scope = new PointerScope();
                IValueVector stack = new IValueVector()) {
            stack.push_back(new IValue(a));
            stack.push_back(new IValue(b));
            stack.push_back(new IValue(out));
            INT_MM.callBoxed(stack);
        }
    }

    /// The values of `from` as the type of `to`.
    static void convert(Tensor from, Tensor to) {
        try (NoGradGuard frozen = new NoGradGuard(); PointerScope scope = new PointerScope()) {
            to.copy_(from);
        }
    }
}
