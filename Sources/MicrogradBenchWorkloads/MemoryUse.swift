import Micrograd
import MicrogradNN

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

#if os(Linux)
  import Foundation
#endif

/// What nodes cost in memory.
package struct MemoryUse: Codable, Equatable, Sendable {
  package let title: String
  package let nodes: Int
  /// What the tape says that its buffers hold.
  package let bytesPerNode: Double
  /// How much more memory the process has after recording and sweeping on a new tape; `nil` where the system does not
  /// tell.
  package let residentBytesPerNode: Double?
}

/// Records and sweeps `expression` on a new tape and says what that took.
///
/// - Parameter parts: How many parts the memory is shared by, such as the steps of a loop; the nodes if it is `nil`.
package func memoryUse(_ title: String, parts: Int? = nil, of expression: () -> Value) -> MemoryUse {
  let tape = Tape()
  let before = residentBytes()
  return tape.use {
    let result = expression()
    result.backward()
    let grown = residentBytes().flatMap { after in before.map { Double(after - $0) } }
    let count = parts ?? tape.nodeCount, nodes = Double(count)
    return MemoryUse(
      title: title, nodes: count, bytesPerNode: Double(tape.usedBytes) / nodes,
      residentBytesPerNode: grown.map { $0 / nodes })
  }
}

/// Graphs of additions and multiplications of Values, and of constants, at a size at which pages do not matter.
package func allMemoryUses(isQuick: Bool) -> [MemoryUse] {
  let links = isQuick ? 250_000 : 2_000_000, steps = isQuick ? 100_000 : 10_000_000
  return [
    memoryUse("x * a + b of Values") { chain(links, from: Value(0.5), Value(0.999_999_99), Value(1e-8)) },
    memoryUse("x * 0.999 + 0.5 of constants") {
      var x = Value(0.5)
      for _ in 0..<links { x = x * 0.999 + 0.5 }
      return x
    },
    memoryUse("a batch through three layers of 64") {
      var random = PythonRandom(seed: 1)
      let layers = (0..<3).map { _ in Linear(64, 64, using: &random) }
      let rows = links / 100
      let batch = Matrix.constant(rows: rows, columns: 64, Array(repeating: 0.5, count: rows * 64))
      return layers.reduce(batch) { $1($0) }.sum()
    },
    memoryUse("Lorenz's system by iterate, a step", parts: steps) {
      let p = [Value(10), Value(28), Value(8.0 / 3)]
      return sum(iterate(steps, from: [Value(1), Value(1.2), Value(20)]) { s in lorenzStep(p, s) })
    },
  ]
}

/// Memory of the process that is in pages of its own.
private func residentBytes() -> Int? {
  #if os(Linux)
    guard let text = try? String(contentsOfFile: "/proc/self/statm", encoding: .utf8) else { return nil }
    let fields = text.split(separator: " ")
    return fields.count > 1 ? Int(fields[1]).map { $0 * Int(sysconf(Int32(_SC_PAGESIZE))) } : nil
  #else
    return nil
  #endif
}
