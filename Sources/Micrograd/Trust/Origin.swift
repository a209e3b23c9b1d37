import CMicrograd

/// The place in the program where a number was recorded.
public struct Origin: Sendable, Hashable {
  /// The path of the source file; empty if only the function is known.
  public let file: String
  /// The line, counted from 1; 0 if only the function is known.
  public let line: Int
  /// The linker's name of the function.
  public let function: String
}

extension Origin: CustomStringConvertible {
  /// The name of the file and the line, such as `Model.swift:42`; the function if these are unknown.
  public var description: String {
    file.isEmpty ? function : "\(file.split(separator: "/").last ?? ""):\(line)"
  }
}

extension Value {
  /// The place in the program where this number was recorded, in a debug build. `nil` in a release build, for constants,
  /// for parameters, and if it cannot be found.
  ///
  /// It is the innermost place outside of this package's libraries: the line with the operator or the call of a layer or a
  /// loss. On Linux with Swift 6.2 or newer it has a file and a line, elsewhere the name of the function. In debug builds a
  /// node takes four more bytes, and recording takes up to twice as long; release builds have no cost.
  ///
  /// - Complexity: Some hundredths of a second, to search the program's debugging information.
  public var origin: Origin? {
    guard let pointer else { return nil }
    return RecordedStack(of: node(on: pointer), on: pointer).origin
  }
}

/// The calls that recorded a node, of which the origin is found when somebody asks. Empty in release builds.
internal struct RecordedStack: Sendable, Equatable {
  #if DEBUG
    /// Return addresses, from the inside out.
    private let addresses: [UInt]

    init(of node: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {
      addresses = [UInt](unsafeUninitializedCapacity: MG_ORIGIN_DEPTH) { buffer, count in
        count = buffer.baseAddress.map { Int(mg_tape_origin(tape, node, $0)) } ?? 0
      }
    }

    /// The innermost place outside of the library; if there is none, the outermost place with a line.
    var origin: Origin? {
      var last: Origin?
      for symbol in symbols(at: addresses) where !symbol.isOfLibrary {
        for place in symbol.places where place.isWrittenByHand {
          if !place.isOfLibrary { return place }
          last = place
        }
      }
      return last
    }
  #else
    init(of node: mg_node, on tape: UnsafeMutablePointer<mg_tape>) {}

    var origin: Origin? { nil }
  #endif
}

#if DEBUG
  extension Origin {
    /// True if there is a line of source code, or at least a function with a name.
    fileprivate var isWrittenByHand: Bool {
      file.isEmpty ? !function.isEmpty : line > 0 && !file.hasSuffix("<compiler-generated>")
    }

    /// True if the line is in this package's libraries or their dependencies.
    fileprivate var isOfLibrary: Bool {
      let sources = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      let libraries = ["Micrograd", "MicrogradNN", "MicrogradTables", "MicrogradVisual"]
      return libraries.contains { file.hasPrefix("/\(sources)/\($0)/") } || file.hasSuffix(".c") || file.hasSuffix(".h")
        || file.contains("/stdlib/public/") || file.contains("/RealModule/")
    }
  }
#endif
