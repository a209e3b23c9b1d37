import Foundation
import MicrogradNN
import MicrogradTables
import TestSupport
import XCTest

final class CSVSizeTests: XCTestCase {
  private func seconds(columns: Int) throws -> Double {
    let names = (0..<columns).map { "c\($0)" }.joined(separator: ",")
    let row = (0..<columns).map { "\($0 % 10)" }.joined(separator: ",")
    let text = names + "\n" + row + "\n" + row + "\n"
    let clock = ContinuousClock()
    let start = clock.now
    let data = try CSVTable(text: text).dataset(target: "c\(columns - 1)")
    XCTAssertEqual(data.inputCount, columns - 1)
    XCTAssertEqual(data.inputs[columns + 10], 1 + Double((columns + 10 - columns) % 10))
    return (clock.now - start) / .seconds(1)
  }

  func testAWideTableTakesTimeInProportionToItsColumns() throws {
    let (narrow, wide) = (try seconds(columns: 20_000), try seconds(columns: 200_000))
    // Ten times the columns: a hundred times the time if each looked at all others.
    XCTAssertLessThan(wide, 40 * narrow, "\(narrow) s, \(wide) s")
  }

  #if os(Linux)
    func testATableTakesMemoryOfTheOrderOfItsText() throws {
      if hasShadowMemory { throw XCTSkip("a sanitizer takes memory of its own") }
      var text: [UInt8] = Array("x,y\n".utf8)
      let row = Array("1.2345,-6.789\n".utf8)
      text.reserveCapacity(12_000_000)
      while text.count < 10_000_000 { text += row }
      let before = try residentBytes()
      let table = try CSVTable(bytes: text)
      let taken = try residentBytes() - before
      XCTAssertGreaterThan(table.count, 700_000)
      XCTAssertLessThan(taken, 4 * text.count, "\(taken / 1_000_000) MB for \(text.count / 1_000_000) MB of text")
    }

    /// The memory that the process has now.
    private func residentBytes() throws -> Int {
      let pages = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")[1]
      return try XCTUnwrap(Int(pages)) * sysconf(Int32(_SC_PAGESIZE))
    }
  #endif
}
