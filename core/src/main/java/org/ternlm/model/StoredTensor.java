package org.ternlm.model;

import org.ternlm.tensor.Shape;

/// A tensor as a file has it, without its data.
///
/// @param name in the file
/// @param place what it is for
/// @param type the file's name for its type: `BF16`, `U8`, `TQ2_0`
/// @param shape rows first; of packed safetensors the shape of the bytes
/// @param byteSize in the file
public record StoredTensor(String name, TensorPlace place, String type, Shape shape, long byteSize) {}
