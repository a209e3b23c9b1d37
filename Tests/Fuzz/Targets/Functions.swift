@testable import Micrograd

/// The content of a file of a compiled function is refused, or is a function that can be run, printed and written.
///
/// Header and checksum are put around the bytes, with which nearly every change would end there.
func fuzzFunction(_ bytes: [UInt8]) {
  Tape().use {
    guard let f = try? CompiledFunction(bytes: FunctionFile.file(of: bytes)), f.inputCount <= 64, f.resultCount <= 64
    else { return }
    guard let written = try? f.encoded(), let back = try? CompiledFunction(bytes: written) else {
      fatalError("what was read can be written and read again")
    }
    check((try? back.encoded()) == written, "and is the same then")
    guard (try? f.cSource(named: "f")) != nil else { fatalError("what was read can be written as C") }
    if f.paths.contains(where: \.picks) { return }  // a place that no table has is a trap
    let sample = (0..<f.inputCount).map { 0.5 * Double($0) - 1 }
    _ = try? f.results(at: sample)
    _ = try? f.jacobian(at: sample)
    _ = try? f.jacobians(at: Samples(sample + sample, width: max(f.inputCount, 1)))
    if f.resultCount == 1, f.inputCount > 0 { _ = try? f.backward(at: Samples([sample, sample])) }
  }
}
