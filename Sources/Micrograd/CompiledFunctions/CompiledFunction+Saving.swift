import CMicrograd

extension CompiledFunction {
  /// The parameters that the function uses, and the leaves from outside, in the order in which they were made.
  ///
  /// ```swift
  /// let w = Parameters([3, 4])
  /// let f = try compile(at: [1]) { x in w[0] * x[0] + w[1] }
  /// f.parameters.map(\.data)  // [3.0, 4.0]
  /// ```
  ///
  /// - Precondition: None of them has been released.
  public var parameters: [Value] {
    var handles: Set<UInt64> = []
    for path in paths { handles.formUnion(path.parameterHandles) }
    return handles.sorted().map { Value(tape.pointer, handle: $0) }
  }

  /// Returns the function as the bytes of a file: the programs of all paths that were recorded, and the parameters as they are
  /// now. The closure is not in them.
  ///
  /// ```swift
  /// let w = Parameters([3])
  /// let f = try compile(at: [1]) { x in w[0] * x[0].squared() }
  /// let g = try CompiledFunction(bytes: f.encoded())
  /// try g.valueWithGradient(at: [2])  // (value: 12.0, gradient: [12.0])
  /// g.parameters.map(\.data)  // [3.0]
  /// ```
  ///
  /// - Throws: ``FunctionFileError`` if the function calls a ``CustomOperation``.
  public func encoded() throws(FunctionFileError) -> [UInt8] {
    let parameters = parameters
    let places = Dictionary(uniqueKeysWithValues: parameters.enumerated().map { ($1.bits, Int32($0)) })
    var usesInput = [UInt8](repeating: 0, count: inputCount)
    var body = FunctionFile.Writer()
    for path in paths {
      body.write(UInt32(path.comparisons.count))
      for (text, holds) in path.comparisons {
        body.write([holds ? 1 : 0])
        body.write(UInt32(text.utf8.count))
        body.write(text.utf8)
      }
      let bytes = try path.encoded(places: path.parameterHandles.map { places[$0] ?? 0 }, &usesInput)
      body.write(UInt64(bytes.count))
      body.write(bytes)
    }
    var content = FunctionFile.Writer()
    content.write([precision == .float ? 4 : 8])
    content.write(UInt64(inputCount))
    content.write(usesInput)
    content.write(UInt64(resultCount))
    content.write(UInt64(parameters.count))
    for parameter in parameters { content.write(parameter.unwatchedData.bitPattern) }
    content.write(UInt32(paths.count))
    content.write(body.bytes)
    return FunctionFile.file(of: content.bytes)
  }
}

extension FunctionFile {
  /// The content between header and checksum.
  static func file(of content: [UInt8]) -> [UInt8] {
    var file = Writer()
    file.write(magic)
    file.write(UInt32(version))
    file.write(UInt64(headerCount + content.count + checksumCount))
    file.write(content)
    file.write(checksum(of: file.bytes[...]))
    return file.bytes
  }
}

#if canImport(Glibc) || canImport(Musl) || canImport(Darwin)
  extension CompiledFunction {
    /// Saves the function: the programs of all paths that were recorded, and the parameters as they are now.
    ///
    /// ``init(contentsOf:)`` reads it, in another process or on another machine, and gives the same bits where the C library does.
    /// The closure is not saved. So record every path that is needed first, by calling the function at samples that take it.
    ///
    /// An existing file is replaced in one step, so that it is always whole, even if the machine stops meanwhile.
    ///
    /// - Parameter path: The path of the file.
    /// - Throws: ``FunctionFileError`` if the function calls a ``CustomOperation``, or the file cannot be written. An existing file
    ///   is unchanged then.
    public func save(to path: String) throws(FunctionFileError) {
      do throws(FunctionFileError) {
        let bytes = try encoded()
        do {
          try SystemFile.replace(path, with: bytes)
        } catch {
          throw FunctionFileError(error)
        }
      } catch {
        throw FunctionFileError(error.problem, path: path)
      }
    }
  }
#endif
