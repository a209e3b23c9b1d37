import MicrogradGPT
import XCTest

final class TokenizerTests: XCTestCase {
  func testDocumentationExample() {
    let tokenizer = Tokenizer(["ada", "bo"])
    XCTAssertEqual(tokenizer.encode("boa"), [4, 1, 3, 0, 4])
    XCTAssertEqual(tokenizer.decode([1, 3]), "bo")
  }

  func testCharactersAreSortedCodePoints() {
    let tokenizer = Tokenizer(["zé", "Ω-z", "e\u{301}"])
    XCTAssertEqual(tokenizer.characters.map { Int($0.value) }, [0x2D, 0x65, 0x7A, 0xE9, 0x301, 0x3A9])
    XCTAssertEqual(tokenizer.boundary, 6)
    XCTAssertEqual(tokenizer.count, 7)
    XCTAssertEqual(tokenizer.encode("zé"), [6, 2, 3, 6])
  }

  func testDecodingUndoesEncoding() {
    let names = documents(in: RiverNames.text)
    let tokenizer = Tokenizer(names)
    for name in names { XCTAssertEqual(tokenizer.decode(Array(tokenizer.encode(name).dropFirst().dropLast())), name) }
  }

  func testTheEmptyDocumentIsTwoBoundaries() {
    XCTAssertEqual(Tokenizer(["a"]).encode(""), [1, 1])
  }
}
