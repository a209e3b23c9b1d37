import MicrogradGPT
import XCTest

final class DocumentsTests: XCTestCase {
  func testLinesAreTrimmedAndEmptyOnesDropped() {
    XCTAssertEqual(documents(in: "\n  ada \r\n\t\nbo b\r\u{A0}eve"), ["ada", "bo b", "eve"])
  }

  func testACombiningMarkStaysWithItsLine() {
    XCTAssertEqual(documents(in: " \u{301}a \n").map { $0.unicodeScalars.map(\.value) }, [[0x301, 0x61]])
  }

  func testWhiteSpaceHasNoDocuments() {
    XCTAssertEqual(documents(in: ""), [])
    XCTAssertEqual(documents(in: " \n\n \t"), [])
  }

  func testTheRiversAreFourHundredDifferentNamesThatFitTheBlock() {
    let rivers = documents(in: RiverNames.text)
    XCTAssertEqual(Set(rivers).count, 400)
    XCTAssertEqual(rivers.count, 400)
    let letters = Set("abcdefghijklmnopqrstuvwxyz")
    for river in rivers { XCTAssertTrue(river.count < 16 && letters.isSuperset(of: river), river) }
  }
}
