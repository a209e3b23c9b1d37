import CMicrograd

extension CompiledFunction {
  /// Reads a function from the bytes of a file that ``encoded()`` made.
  ///
  /// The function's ``parameters`` are new parameters on the current tape, with the numbers that were saved. They can be changed
  /// and trained, and live as long as the function. An ``evaluator()`` of it takes a snapshot of them.
  ///
  /// Values, gradients, Jacobians, native code and C source are those of the function that was saved, to the bit. What must run the
  /// closure again is an error, because the closure was not saved: a sample that takes a path that was not recorded before
  /// (``CompilationError/pathNotSaved(sample:)``), and Hessians, products and gradients by parameters for each sample
  /// (``CompilationError/closureNotSaved``).
  ///
  /// - Throws: ``FunctionFileError`` if the bytes are damaged, of another version, or no function. Nothing in them is trusted.
  public convenience init(bytes: [UInt8]) throws(FunctionFileError) {
    try self.init(FunctionFile.content(of: bytes))
  }

  #if canImport(Glibc) || canImport(Musl) || canImport(Darwin)
    /// Reads a function from a file that ``save(to:)`` wrote; see ``init(bytes:)``.
    ///
    /// - Parameter path: The path of the file.
    /// - Throws: ``FunctionFileError`` if the file cannot be read, is damaged, of another version, or no function.
    public convenience init(contentsOf path: String) throws(FunctionFileError) {
      do throws(FunctionFileError) {
        let bytes: [UInt8]
        do {
          bytes = try SystemFile.read(path)
        } catch {
          throw FunctionFileError(error)
        }
        try self.init(bytes: bytes)
      } catch {
        throw FunctionFileError(error.problem, path: path)
      }
    }
  #endif

  internal convenience init(_ content: FunctionFile.Reader) throws(FunctionFileError) {
    var reader = content
    let size = try reader.number(UInt8.self)
    if size != 4 && size != 8 { throw reader.damaged("numbers of \(size) bytes are neither Float nor Double") }
    let precision: Precision = size == 4 ? .float : .double
    let inputCount = try reader.count(UInt64.self, of: "inputs", bytesOfEach: 1)
    var inputs: [UInt8] = []
    for _ in 0..<inputCount { inputs.append(try reader.isTrue() ? 1 : 0) }
    let resultCount = try reader.count(UInt64.self, of: "results", bytesOfEach: 4)
    let parameterCount = try reader.count(UInt64.self, of: "parameters", bytesOfEach: 8)
    if parameterCount >= Int(MG_NODE_LIMIT) / 2 { throw reader.damaged("\(parameterCount) parameters are too many") }
    var numbers: [Double] = []
    for _ in 0..<parameterCount { numbers.append(Double(bitPattern: try reader.number(UInt64.self))) }
    let parameters = Parameters(numbers)
    let pathCount = try reader.count(UInt32.self, of: "paths", bytesOfEach: 12)
    if pathCount == 0 { throw reader.damaged("there is no path") }
    var paths: [CompiledPath] = []
    for _ in 0..<pathCount {
      paths.append(try CompiledPath(from: &reader, &inputs, resultCount: resultCount, precision, parameters))
    }
    if reader.left > 0 { throw reader.damaged("\(reader.left) bytes are left") }
    if inputs.contains(1) { throw reader.damaged("an input is listed as used, and no path uses it") }
    self.init(
      paths: paths, inputCount: inputCount, resultCount: resultCount, precision: precision, parameters: parameters)
  }
}

extension FunctionFile {
  /// The content of a file whose header and checksum are right.
  static func content(of bytes: [UInt8]) throws(FunctionFileError) -> Reader {
    guard bytes.starts(with: magic) else { throw FunctionFileError(.notAFunction) }
    guard bytes.count >= headerCount + checksumCount else {
      throw FunctionFileError(.byteCount(expected: headerCount + checksumCount, found: bytes.count))
    }
    var header = Reader(bytes, from: magic.count, to: bytes.count)
    let found = Int(try header.number(UInt32.self)), length = try header.number(UInt64.self)
    if found != version { throw FunctionFileError(.version(found, supported: version)) }
    if length != UInt64(bytes.count) {
      throw FunctionFileError(.byteCount(expected: Int(clamping: length), found: bytes.count))
    }
    let end = bytes.count - checksumCount
    var trailer = Reader(bytes, from: end, to: bytes.count)
    if try trailer.number(UInt32.self) != checksum(of: bytes[..<end]) { throw FunctionFileError(.checksum) }
    return Reader(bytes, from: headerCount, to: end)
  }
}

extension CompiledPath {
  /// The values of the path as bytes.
  ///
  /// - Parameters:
  ///   - places: Which of the file's parameters each of the path's is.
  ///   - usesInput: Set to 1 for the inputs that the path uses.
  func encoded(places: [Int32], _ usesInput: inout [UInt8]) throws(FunctionFileError) -> [UInt8] {
    var text = CText()
    if let custom = write(places, &usesInput, &text.text) { throw FunctionFileError(.customOperation(custom)) }
    require(!text.text.failed, "out of memory: no file of \(text.text.count) bytes and more")
    return [UInt8](UnsafeRawBufferPointer(start: text.text.bytes, count: Int(text.text.count)))
  }

  /// Reads a path: its comparisons, and its values.
  convenience init(
    from reader: inout FunctionFile.Reader, _ inputs: inout [UInt8], resultCount: Int,
    _ precision: CompiledFunction.Precision, _ parameters: Parameters
  ) throws(FunctionFileError) {
    var comparisons: [(text: String, holds: Bool)] = []
    for _ in 0..<(try reader.count(UInt32.self, of: "comparisons", bytesOfEach: 5)) {
      let holds = try reader.isTrue()
      comparisons.append((try reader.text(), holds))
    }
    let count = try reader.count(UInt64.self, of: "bytes of a path", bytesOfEach: 1), start = reader.offset
    let bytes = try reader.read(count), nodes = (0..<Int32(parameters.count)).map { parameters.block.first + $0 }
    let tape = parameters.tape.pointer
    var fault = PathFileFault.noMemory
    var offset: Int64 = 0
    var what = CText()
    let inputCount = Int64(inputs.count)
    let made = bytes.withUnsafeBufferPointer { bytes in
      inputs.withUnsafeMutableBufferPointer { inputs in
        nodes.withUnsafeBufferPointer { nodes in
          mg_path_read(
            bytes.baseAddress, Int64(bytes.count),
            mg_path_context(
              input_count: inputCount, result_count: Int64(resultCount), comparison_count: Int64(comparisons.count),
              inputs: inputs.baseAddress, tape: tape, parameters: nodes.baseAddress, parameter_count: Int64(nodes.count)
            ),
            &fault, &offset, &what.text)
        }
      }
    }
    guard let made else {
      switch fault {
      case .noMemory: throw FunctionFileError(.outOfMemory(byteCount: count))
      case .unknown: throw FunctionFileError(.unknownOperation(what.string))
      case .damaged: throw FunctionFileError(.damaged(reason: what.string, offset: start + Int(offset)))
      }
    }
    self.init(made, tape: tape, precision: precision, comparisons: comparisons)
  }
}
