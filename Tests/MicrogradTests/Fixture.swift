import Foundation
import TestSupport

/// What the scripts of Tests/Fixtures wrote.
enum Fixture {
  /// Values and derivatives of every operation.
  static let operations: [OperationCase] = try! read("ops.json")
  /// How many there are, as the scripts counted them.
  static let operationCount = try! readFixture("ops.json", Count.self).count
  static var edgeCount: Int { edges.edgeCount }
  static var kinkCount: Int { edges.kinkCount }
  /// The rows of the article's tables, with the points that they show.
  static let rows: [OperationRow] = edges.rows
  static let matrixRows: [OperationRow] = edges.matrixRows
  /// Second derivatives of operations where they bend.
  static let kinks: [OperationKink] = edges.kinks

  private static let edges = try! readFixture("edges.json", EdgesFile.self)

  private struct Count: Decodable { let count: Int }

  private struct EdgesFile: Decodable {
    let edgeCount: Int
    let kinkCount: Int
    let rows: [OperationRow]
    let matrixRows: [OperationRow]
    let kinks: [OperationKink]
  }

  /// The cases of one fixture.
  static func read<Case: Decodable>(_ name: String) throws -> [Case] {
    try readFixture(name, FixtureFile<Case>.self).cases
  }
}

private struct FixtureFile<Case: Decodable>: Decodable { let cases: [Case] }

/// One operation at one point. In the form, V is an operand that is differentiated and C a plain number.
struct OperationCase: Decodable, CustomStringConvertible {
  let op: String
  let form: String
  let x: Double
  let y: Double?
  let value: Double
  let dx: Double?
  let dy: Double?

  var description: String { "\(op) \(form) of \(x)" + (y.map { ", \($0)" } ?? "") }
}

/// A row of a table of the article Operations.md.
struct OperationRow: Decodable {
  let op: String
  /// Ways to write the operation in Swift; none where its name is prose.
  let written: [String]
  let cells: [String]
  let edges: [OperationCase]
}

/// The second derivatives of an operation at a point.
struct OperationKink: Decodable {
  let op: String
  let x: Double
  let y: Double?
  let dxx: Double
  let dxy: Double?
  let dyy: Double?

  var at: OperationCase {
    OperationCase(op: op, form: y == nil ? "V" : "VV", x: x, y: y, value: .nan, dx: nil, dy: nil)
  }
}
