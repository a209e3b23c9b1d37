import CMicrograd

/// Where in the program a number was recorded.
public struct Origin: Sendable, Hashable {
  /// The path of the source file; empty where only the function is known.
  public let file: String
  /// The line in it, counted from 1; 0 where only the function is known.
  public let line: Int
  /// The function, as the linker names it.
  public let function: String
}

extension Origin: CustomStringConvertible {
  /// The name of the file and the line, as `Model.swift:42`; where these are not known, the function.
  public var description: String {
    file.isEmpty ? function : "\(file.split(separator: "/").last ?? ""):\(line)"
  }
}

extension Value {
  /// Where in the program this number was recorded, in a debug build; `nil` in a release build, for constants, for
  /// parameters, and where nothing could be found out.
  ///
  /// It is the innermost place outside of this package's libraries: the line with the operator or the call of a layer or
  /// a loss. On Linux, with Swift 6.2 or newer, it is a file and a line, elsewhere the name of the function. A recorded
  /// number costs four bytes more for it, and recording takes up to twice as long as it would in a debug build; release
  /// builds know nothing of it.
  ///
  /// - Complexity: Some hundredths of a second: the program's debugging information is looked through.
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

    /// The innermost place that is not the library's own; where there is none, the outermost that has a line.
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
    /// Whether there is a line that somebody wrote, or at least a function that has a name.
    fileprivate var isWrittenByHand: Bool {
      file.isEmpty ? !function.isEmpty : line > 0 && !file.hasSuffix("<compiler-generated>")
    }

    /// Whether the line is in this package's libraries, or in what these and the program stand on.
    fileprivate var isOfLibrary: Bool {
      let sources = #filePath.split(separator: "/").dropLast(3).joined(separator: "/")
      let libraries = ["Micrograd", "MicrogradNN", "MicrogradTables", "MicrogradVisual"]
      return libraries.contains { file.hasPrefix("/\(sources)/\($0)/") } || file.hasSuffix(".c") || file.hasSuffix(".h")
        || file.contains("/stdlib/public/") || file.contains("/RealModule/")
    }
  }
#endif
