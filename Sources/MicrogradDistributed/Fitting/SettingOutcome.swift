import Foundation
import Micrograd

/// A setting, and what became of it: the result of ``Communicator/map(_:_:)``.
public struct SettingOutcome<Setting, Success> {
  /// The setting.
  public let setting: Setting
  /// The result, or the error that the setting caused.
  public let result: Result<Success, SettingFailure>

  /// Returns the result. Throws the failure of the setting.
  public func get() throws -> Success { try result.get() }
}

extension SettingOutcome: Sendable where Setting: Sendable, Success: Sendable {}

/// The error of a setting.
public struct SettingFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// The setting, counted from 0.
  public let index: Int
  /// The rank that computed it.
  public let rank: Int
  /// What the error said.
  public let reason: String

  /// Creates the failure of a setting.
  public init(index: Int, rank: Int, reason: String) { (self.index, self.rank, self.reason) = (index, rank, reason) }

  /// The setting and the reason.
  public var description: String { "setting \(index), on rank \(rank): \(reason)" }
}

extension Communicator {
  /// Computes something for each of some settings, dealt to the ranks: hyperparameters, starts of a minimisation, samples of a bootstrap.
  ///
  /// Setting 0 is computed by rank 0, setting 1 by rank 1, and so on, then again from rank 0. All ranks return all results, in the order
  /// of the settings. A setting whose computation throws has a failure for its result; the others are computed all the same.
  ///
  /// ```swift
  /// let squares = try SingleCommunicator().map([1, 2, 3]) { $0 * $0 }
  /// try squares.map { try $0.get() }  // [1, 4, 9]
  /// ```
  ///
  /// - Parameters:
  ///   - settings: The settings, the same on all ranks.
  ///   - body: Computes a result on this rank alone; it must not communicate. A random stream should be seeded by the setting, so that
  ///     results do not depend on the number of ranks.
  /// - Throws: ``CommunicationError`` if the ranks have different numbers of settings, or if another rank has failed; `EncodingError`
  ///   for a result that JSON cannot represent.
  public func map<Setting, Success: Codable>(
    _ settings: [Setting], _ body: (Setting) throws -> Success
  ) throws -> [SettingOutcome<Setting, Success>] {
    try requireSame([("the number of settings", "\(settings.count)")])
    var own: [Int: Answer<Success>] = [:]
    for index in stride(from: rank, to: settings.count, by: size) {
      do {
        own[index] = .success(try body(settings[index]))
      } catch let error as CommunicationError {
        throw error
      } catch {
        own[index] = .failure("\(error)")
      }
    }
    let encoder = JSONEncoder(), decoder = JSONDecoder()
    encoder.nonConformingFloatEncodingStrategy = .convertToString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    let parts = try gather([UInt8](try encoder.encode(own)), at: 0)
    var counts = parts.isEmpty ? [Int](repeating: 0, count: size) : parts.map(\.count)
    try broadcast(&counts, from: 0)
    var answers: [Int: Answer<Success>] = [:]
    for (other, count) in counts.enumerated() {
      var bytes = parts.isEmpty ? [UInt8](repeating: 0, count: count) : parts[other]
      try broadcast(&bytes, from: 0)
      answers.merge(try decoder.decode([Int: Answer<Success>].self, from: Data(bytes))) { first, _ in first }
    }
    return settings.enumerated().compactMap { index, setting in
      guard let answer = answers[index] else { return nil }
      func failure(_ reason: String) -> SettingFailure { .init(index: index, rank: index % size, reason: reason) }
      switch answer {
      case .success(let success): return SettingOutcome(setting: setting, result: .success(success))
      case .failure(let reason): return SettingOutcome(setting: setting, result: .failure(failure(reason)))
      }
    }
  }
}

/// The result of a setting, or what its error said.
private enum Answer<Success: Codable>: Codable {
  case success(Success)
  case failure(String)
}
