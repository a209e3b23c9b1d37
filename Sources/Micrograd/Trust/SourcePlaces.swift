#if DEBUG
  import CMicrograd

  #if os(Linux) && canImport(Runtime)
    internal import Runtime
  #endif

  /// A function that a return address is in, as far as the linker knows it.
  internal struct CalledFunction {
    fileprivate let address: UInt
    fileprivate let rawName: String
    fileprivate let name: String

    /// True for a function of this package's libraries or their dependencies. Decides only by the name, which costs little.
    /// A program's extension of a library's type belongs to the program.
    internal var isOfLibrary: Bool {
      if rawName.isEmpty { return false }
      // Mangled names begin with the module's, its length in front; "s" and "S" are the standard library.
      let modules = ["9Micrograd", "11MicrogradNN", "15MicrogradTables", "15MicrogradVisual", "10RealModule", "s", "S"]
      guard modules.contains(where: { rawName.hasPrefix("$s\($0)") }) else { return rawName.hasPrefix("mg_") }
      return !name.contains("(extension in ") || name.contains("(extension in Micrograd")
    }

    /// The lines, from the inside out where functions were inlined; where lines are not known, the function.
    internal var places: [Origin] {
      let lines = linesFound(at: address)
      return lines.isEmpty ? [Origin(file: "", line: 0, function: rawName)] : lines
    }
  }

  /// The functions that return addresses are in, as far as the dynamic linker knows.
  private func linkedFunctions(at addresses: [UInt]) -> [CalledFunction] {
    addresses.map { address in
      let name = mg_function_at(address).map { String(cString: $0) } ?? ""
      return CalledFunction(address: address, rawName: name, name: "")
    }
  }

  #if os(Linux) && canImport(Runtime)
    /// The functions that return addresses are in.
    internal func symbols(at addresses: [UInt]) -> [CalledFunction] {
      let found = frames(at: addresses, lines: false)
      if found.isEmpty { return linkedFunctions(at: addresses) }
      return found.map { address, symbol in
        CalledFunction(address: address, rawName: symbol?.rawName ?? "", name: symbol?.name ?? "")
      }
    }

    private func linesFound(at address: UInt) -> [Origin] {
      frames(at: [address], lines: true).compactMap { _, symbol in
        symbol.flatMap { symbol in
          symbol.sourceLocation.map { Origin(file: $0.path, line: $0.line, function: symbol.rawName) }
        }
      }
    }

    /// What Swift's own symbolication finds. Lines take long: all of the program's are gone through for each address.
    private func frames(at addresses: [UInt], lines: Bool) -> [(UInt, SymbolicatedBacktrace.Symbol?)] {
      let backtrace = try? Backtrace(from: BacktraceText(addresses))
      let options: Backtrace.SymbolicationOptions = lines ? .default : .useSymbolCache
      let found = backtrace?.symbolicated(with: ImageMap.capture(), options: options)?.frames ?? []
      return found.compactMap { frame in
        guard case .returnAddress(let place) = frame.captured, let address = UInt(place) else { return nil }
        return (address, frame.symbol)
      }
    }

    /// Return addresses in the form in which a `Backtrace` is coded, which is the only way to make one of addresses that
    /// are at hand: a byte for 64-bit addresses, for each of them a byte that says return address, absolute, eight bytes,
    /// and those; then 0; all in base 64. That is Swift's Compact Backtrace Format, version 0.
    private struct BacktraceText: Decoder {
      private let text: String

      init(_ addresses: [UInt]) {
        var bytes: [UInt8] = [0b10]
        for address in addresses {
          bytes.append(0b0010_1111)
          bytes += stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: UInt64(address) >> UInt64($0)) }
        }
        bytes.append(0)
        text = inBase64(bytes)
      }

      private struct Unsupported: Error {}

      var codingPath: [any CodingKey] { [] }
      var userInfo: [CodingUserInfoKey: Any] { [:] }
      func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
        KeyedDecodingContainer(Container<Key>(text: text))
      }
      func unkeyedContainer() throws -> any UnkeyedDecodingContainer { throw Unsupported() }
      func singleValueContainer() throws -> any SingleValueDecodingContainer { throw Unsupported() }

      private struct Container<Key: CodingKey>: KeyedDecodingContainerProtocol {
        let text: String

        private func value(_ key: Key) -> String? {
          switch key.stringValue {
          case "architecture": architecture
          case "backtrace": text
          default: nil
          }
        }

        var codingPath: [any CodingKey] { [] }
        var allKeys: [Key] { ["architecture", "backtrace"].compactMap { Key(stringValue: $0) } }
        func contains(_ key: Key) -> Bool { value(key) != nil }
        func decodeNil(forKey key: Key) throws -> Bool { value(key) == nil }
        func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
          guard let value = value(key) as? T else { throw Unsupported() }
          return value
        }
        func nestedContainer<Other: CodingKey>(
          keyedBy type: Other.Type, forKey key: Key
        ) throws -> KeyedDecodingContainer<Other> { throw Unsupported() }
        func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer { throw Unsupported() }
        func superDecoder() throws -> any Decoder { throw Unsupported() }
        func superDecoder(forKey key: Key) throws -> any Decoder { throw Unsupported() }
      }
    }

    private var architecture: String {
      #if arch(x86_64)
        "x86_64"
      #elseif arch(arm64)
        "arm64"
      #else
        "unknown"
      #endif
    }

    private func inBase64(_ bytes: [UInt8]) -> String {
      let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
      var text = ""
      for start in stride(from: 0, to: bytes.count, by: 3) {
        let group = bytes[start..<min(start + 3, bytes.count)]
        let bits = group.reduce(0) { $0 << 8 | Int($1) } << (8 * (3 - group.count))
        for k in 0...group.count { text.append(digits[bits >> (18 - 6 * k) & 63]) }
      }
      return text
    }
  #else
    /// The functions that return addresses are in.
    internal func symbols(at addresses: [UInt]) -> [CalledFunction] { linkedFunctions(at: addresses) }

    private func linesFound(at address: UInt) -> [Origin] { [] }
  #endif
#endif
