package org.ternlm.format.gguf;

import java.lang.foreign.MemorySegment;
import org.ternlm.tensor.Shape;

/// A tensor as it lies in a GGUF file.
///
/// @param name as in the file
/// @param type how it is stored
/// @param shape outermost dimension first, as everywhere in Tern (GGUF itself has the innermost first)
/// @param data exactly the bytes that type and shape need; they live as long as the arena that the file was mapped into
public record GgufTensor(String name, GgufType type, Shape shape, MemorySegment data) {}
