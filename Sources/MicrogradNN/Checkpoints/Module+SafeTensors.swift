import Micrograd

#if canImport(FoundationEssentials)
  import struct FoundationEssentials.URL
#else
  import struct Foundation.URL
#endif

extension Module {
  /// Returns the parameters as tensors, with the names of ``namedParameters``.
  ///
  /// - Parameter renaming: Maps a name in the module to the name in the file.
  /// - Precondition: All names in the file are different.
  public func safeTensors(renaming: (String) -> String = { $0 }) -> SafeTensors {
    SafeTensors(namedParameters.map { .init(renaming($0.name), shape: $0.shape, $0.data) })
  }

  /// Writes the parameters to a safetensors file, atomically.
  ///
  /// ```swift
  /// try model.save(to: url)                                      // layers.0.weight, layers.0.bias, …
  /// try model.save(to: url, renaming: MLP.nameInSequential)      // 0.weight, 0.bias, 2.weight, …
  /// ```
  ///
  /// - Parameters:
  ///   - url: The file. An existing file is replaced. See ``SafeTensors/write(to:as:)``.
  ///   - precision: The precision of the numbers in the file; the default keeps them exactly.
  ///   - renaming: Maps a name in the module to the name in the file.
  /// - Throws: `CheckpointError` if the file cannot be written, or if a parameter is too large for the precision.
  public func save(
    to url: URL, as precision: SafeTensors.Precision = .float64, renaming: (String) -> String = { $0 }
  ) throws(CheckpointError) {
    try safeTensors(renaming: renaming).write(to: url, as: precision)
  }

  /// Reads the parameters from a safetensors file: all of them, or none if there is an error.
  ///
  /// ```swift
  /// try model.load(from: url)                                    // what save(to:) wrote
  /// try model.load(from: url, renaming: MLP.nameInSequential)    // what PyTorch wrote of a torch.nn.Sequential
  /// ```
  ///
  /// - Parameters:
  ///   - url: The file.
  ///   - strict: True to throw if the file has tensors that the module does not have.
  ///   - renaming: Maps a name in the module to the name in the file.
  /// - Throws: `CheckpointError` if the file is invalid, or if a tensor is missing, has another shape, is not of a
  ///   floating-point type, or is not in the module. The module then does not change.
  public func load(
    from url: URL, strict: Bool = true, renaming: (String) -> String = { $0 }
  ) throws(CheckpointError) {
    let file = try SafeTensors(contentsOf: url)
    do {
      try load(file, strict: strict, renaming: renaming)
    } catch {
      throw error.of(url.path)
    }
  }

  /// Sets the parameters from tensors: all of them, or none if there is an error. See ``load(from:strict:renaming:)``.
  public func load(
    _ file: SafeTensors, strict: Bool = true, renaming: (String) -> String = { $0 }
  ) throws(CheckpointError) {
    let parameters = namedParameters
    let tensors = try file.tensors(
      for: parameters.map { (renaming($0.name), $0.shape) }, strict: strict)
    for (parameter, tensor) in zip(parameters, tensors) { parameter.data = tensor.data }
  }
}

extension SafeTensors {
  /// Returns the tensors with these names, in this order. Throws if one is missing or has another shape.
  internal func tensors(
    for wanted: [(name: String, shape: [Int])], strict: Bool
  ) throws(CheckpointError) -> [Tensor] {
    var rest = Dictionary(uniqueKeysWithValues: tensors.map { ($0.name, $0) })
    var restUnread = Dictionary(uniqueKeysWithValues: unread.map { ($0.name, $0.elementType) })
    var found: [Tensor] = []
    var missing: [String] = []
    for (name, shape) in wanted {
      if let tensor = rest.removeValue(forKey: name) {
        if tensor.shape != shape { throw CheckpointError(.shape(tensor: name, expected: shape, found: tensor.shape)) }
        found.append(tensor)
      } else if let type = restUnread.removeValue(forKey: name) {
        throw CheckpointError(.elementType(type, tensor: name))
      } else {
        missing.append(name)
      }
    }
    if !missing.isEmpty { throw CheckpointError(.missing(tensors: missing)) }
    let names = Array(rest.keys) + Array(restUnread.keys)
    if strict && !names.isEmpty {
      throw CheckpointError(.unexpected(tensors: names.sorted { $0.precedesInBytes($1) }))
    }
    return found
  }
}
