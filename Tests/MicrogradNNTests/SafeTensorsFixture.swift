import Foundation
import MicrogradNN
import TestSupport

/// What make_safetensors.py wrote.
struct SafeTensorsFixture: Decodable {
  struct Model: Decodable {
    let inputs: [[Double]]
    let outputs: [String: [[Double]]]
  }

  struct Random: Decodable {
    let words: [UInt32]
    let position: Int
    let deviate: Double
    let next: [Double]
  }

  let model: Model
  /// Bit patterns, in hexadecimal digits.
  let special: [String: [String]]
  let random: [String: Random]

  static let all: SafeTensorsFixture = try! readFixture("safetensors.json")

  static func url(_ name: String) -> URL { fixtureURL("safetensors/\(name).safetensors") }

  static func bytes(_ name: String) throws -> [UInt8] { Array(try Data(contentsOf: url(name))) }
}

/// The bytes of a file whose header and data are given, whatever they are.
func safeTensorsFile(_ header: some Sequence<UInt8>, data: [UInt8] = [], length: UInt64? = nil) -> [UInt8] {
  let header = Array(header)
  return withUnsafeBytes(of: (length ?? UInt64(header.count)).littleEndian) { Array($0) } + header + data
}

/// A folder of its own for a test, which removes it.
func temporaryFolder() throws -> URL {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent("micrograd-\(UUID().uuidString)")
  try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  return folder
}

/// What `body` throws; `nil` if nothing.
func problem(_ body: () throws -> Void) -> CheckpointError.Problem? {
  do {
    try body()
    return nil
  } catch {
    return (error as? CheckpointError)?.problem
  }
}
