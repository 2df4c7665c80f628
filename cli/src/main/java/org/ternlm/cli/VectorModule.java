package org.ternlm.cli;

import java.lang.reflect.InvocationTargetException;

/// Brings the Vector API into the running JVM.
///
/// The documented way is `--add-modules jdk.incubator.vector` on java's command line. It has two prices at every start:
/// a warning on the error stream that no option turns off, and a slower start, because a JDK 25 neither archives the
/// module graph nor pre-links classes in its AOT cache while an incubator module is among the root modules. So the
/// program asks the JDK for the module once it runs, by the very call with which the JVM itself loads the modules of
/// agents; the jar's manifest exports that package (`Add-Exports`). The kernels compile to the same code either way.
///
/// Where the call does not work (a program started from its classes, say), kernels are scalar and `tern doctor` says
/// what to do. A module that is already there is left alone. In the training run for the AOT cache (property
/// `tern.training`) nothing is loaded: the making of a cache fails over classes from outside the boot layer.
public final class VectorModule {
    private static final String NAME = "jdk.incubator.vector";

    private VectorModule() {}

    /// Loads the module unless it is there.
    static void load() {
        if (Boolean.getBoolean("tern.training") || isPresent()) {
            return;
        }
        try {
            Class.forName("jdk.internal.module.Modules").getMethod("loadModule", String.class).invoke(null, NAME);
        } catch (ReflectiveOperationException problem) {
            rethrowError(problem);
        }
    }

    /// Whether classes of the Vector API can be used in this JVM.
    public static boolean isPresent() {
        try {
            Class.forName(NAME + ".Vector", false, VectorModule.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException absent) {
            return false;
        }
    }

    /// A JDK without the module is a reason to go on with scalar kernels, a full heap is not.
    private static void rethrowError(ReflectiveOperationException problem) {
        if (problem instanceof InvocationTargetException && problem.getCause() instanceof VirtualMachineError fatal) {
            throw fatal;
        }
    }
}
