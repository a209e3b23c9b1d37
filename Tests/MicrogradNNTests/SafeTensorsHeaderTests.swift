import Foundation
import MicrogradNN
import XCTest

/// Headers that are wrong, each in one way. (The package `safetensors` 0.8.0 is laxer with two of them: a space before the
/// brace, and some names that are there twice.)
final class SafeTensorsHeaderTests: XCTestCase {
  /// The header of a tensor `a` of two float64, with a part of it replaced.
  private func problemReplacing(_ part: String, by other: String, data: Int = 16) -> CheckpointError.Problem? {
    let header = #"{"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}}"#
    XCTAssertTrue(part.isEmpty || header.contains(part))
    return problemOf(header.replacingOccurrences(of: part, with: other), data: data)
  }

  private func problemOf(_ header: String, data: Int = 16) -> CheckpointError.Problem? {
    problem { _ = try SafeTensors(bytes: safeTensorsFile(header.utf8, data: [UInt8](repeating: 0, count: data))) }
  }

  private func assertNotJSON(
    _ problem: CheckpointError.Problem?, _ words: String = "", file: StaticString = #filePath, line: UInt = #line
  ) {
    guard case .headerNotJSON(let reason) = problem else {
      return XCTFail("\(String(describing: problem))", file: file, line: line)
    }
    XCTAssertTrue(words.isEmpty || reason.contains(words), reason, file: file, line: line)
  }

  private func assertSize(_ problem: CheckpointError.Problem?, file: StaticString = #filePath, line: UInt = #line) {
    guard case .tensorSize("a", _) = problem else {
      return XCTFail("\(String(describing: problem))", file: file, line: line)
    }
  }

  func testTheHeaderThatIsRightIsRead() {
    XCTAssertNil(problemReplacing("", by: ""))
    XCTAssertNil(problemReplacing("[2]", by: "[1,2,1]"))
    XCTAssertNil(problemReplacing("}}", by: "}} \n\t\r "))
  }

  // MARK: - Length

  func testFilesShorterThanALengthAreRefused() {
    for count in 0..<8 {
      XCTAssertEqual(
        problem { _ = try SafeTensors(bytes: [UInt8](repeating: 0, count: count)) }, .tooShort(byteCount: count))
    }
  }

  func testAHeaderLongerThanTheFileIsRefused() {
    for length: UInt64 in [3, 100_000_000, 100_000_001, 1 << 32, 1 << 63, .max] {
      XCTAssertEqual(
        problem { _ = try SafeTensors(bytes: safeTensorsFile("{}".utf8, length: length)) },
        .headerLength(length, fileByteCount: 10))
    }
  }

  func testAHeaderMayHave100MegabytesAndNoMore() {
    let header = Array("{}".utf8) + [UInt8](repeating: 32, count: 100_000_001 - 2)
    XCTAssertEqual(
      problem { _ = try SafeTensors(bytes: safeTensorsFile(header)) },
      .headerLength(100_000_001, fileByteCount: 100_000_009))
  }

  // MARK: - Text

  func testAHeaderThatIsNotAnObjectIsRefused() {
    for text in ["", "[]", "7", " {}", "\u{feff}{}", "\0", "null"] { assertNotJSON(problemOf(text, data: 0), "byte 8") }
    for text in ["{", "{}}", "{}x", "{}{}", "{\"a\"}", "{'a':1}", "{/**/}", "{\"a\":[}"] {
      assertNotJSON(problemOf(text, data: 0))
    }
  }

  func testTextThatIsNotUTF8IsRefused() {
    let header = Array(#"{"a"#.utf8)
    for bytes: [UInt8] in [[0xFF], [0xC0, 0xAF], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xE2, 0x82]] {
      let problem = problem { _ = try SafeTensors(bytes: safeTensorsFile(header + bytes + Array(#"":{}}"#.utf8))) }
      XCTAssertEqual(problem, .headerNotUTF8(offset: 11))
    }
  }

  func testControlCharactersAreRefusedSoThatNoOtherEncodingIsGuessed() {
    for encoding: String.Encoding in [.utf16LittleEndian, .utf32LittleEndian] {
      let bytes = safeTensorsFile("{}".data(using: encoding)!)
      assertNotJSON(problem { _ = try SafeTensors(bytes: bytes) }, "byte 9 is a control character")
    }
    assertNotJSON(problemReplacing("a", by: "a\u{1}"), "byte 11 is a control character")
    assertNotJSON(problemReplacing("}}", by: "}}\0"), "control character")
  }

  func testHalvesOfSurrogatesAreRefused() {
    assertNotJSON(problemReplacing("\"a\"", by: #""a\ud800""#))
  }

  func testBracketsWithoutEndOverflowNoStack() {
    for bracket in ["[", "{\"a\":"] {
      let brackets = String(repeating: bracket, count: 100_000)
      assertNotJSON(problemOf("{\"a\":" + brackets, data: 0))
      assertNotJSON(problemOf("{\"__metadata__\":" + brackets, data: 0))
    }
    let closed = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
    assertNotJSON(problemReplacing("[2]", by: closed))
    assertNotJSON(problemReplacing("[2]", by: "[2],\"other\":\(closed)"))
  }

  // MARK: - Names

  func testDuplicateNamesAreRefused() {
    let tensor = #"{"dtype":"F64","shape":[1],"data_offsets":[0,8]}"#
    let other = #"{"dtype":"F64","shape":[1],"data_offsets":[8,16]}"#
    XCTAssertEqual(problemOf(#"{"a":\#(tensor),"a":\#(other)}"#), .duplicateName("a", offset: 62))
    XCTAssertEqual(problemOf(#"{"a":\#(tensor),"a":\#(tensor)}"#, data: 8), .duplicateName("a", offset: 62))
    XCTAssertEqual(problemOf(#"{"a":\#(tensor),"\u0061":\#(other)}"#), .duplicateName("a", offset: 62))
    XCTAssertEqual(problemOf(#"{"\"":\#(tensor),"\u0022":\#(other)}"#), .duplicateName("\"", offset: 63))
    XCTAssertEqual(problemOf(#"{"é":\#(tensor),"e\#u{301}":\#(other)}"#), .duplicateName("é", offset: 63))
  }

  func testDuplicateKeysAreRefused() {
    XCTAssertEqual(problemReplacing("\"shape\"", by: #""dtype":"F64","shape""#), .duplicateName("dtype", offset: 28))
    XCTAssertEqual(
      problemOf(#"{"__metadata__":{"k":"1","k":"2"}}"#, data: 0), .duplicateName("k", offset: 33))
    XCTAssertEqual(
      problemOf(#"{"__metadata__":{},"__metadata__":{}}"#, data: 0), .duplicateName("__metadata__", offset: 27))
    XCTAssertEqual(
      problemReplacing("[2]", by: #"[2],"x":[{"y":[],"y":1}]"#), .duplicateName("y", offset: 53))
  }

  func testOneKeyInTwoObjectsIsNoDuplicate() {
    XCTAssertNil(problemReplacing("[2]", by: #"[2],"x":[{"y":[1,{"y":2}]},{"y":"y"},"y","y"]"#))
  }

  func testMetadataAreTexts() {
    for value in ["1", "null", "[]", "{}", "true"] {
      assertNotJSON(problemOf(#"{"__metadata__":{"k":\#(value)}}"#, data: 0), "__metadata__")
    }
    assertNotJSON(problemOf(#"{"__metadata__":"k"}"#, data: 0), "__metadata__")
    XCTAssertNil(problemOf(#"{"__metadata__":null}"#, data: 0))
  }

  // MARK: - Tensors

  func testMissingAndMistypedFieldsAreRefused() {
    for field in ["dtype", "shape", "data_offsets"] {
      assertNotJSON(problemReplacing(field, by: "other"), "[\"a\", \"\(field)\"]")
    }
    for shape in ["2", "\"2\"", "[\"2\"]", "[null]", "[true]", "[[2]]", "null", "{}"] {
      assertNotJSON(problemReplacing("[2]", by: shape), "[\"a\"")
    }
    assertNotJSON(problemReplacing("\"F64\"", by: "64"), "\"dtype\"")
    assertNotJSON(problemOf(#"{"a":[]}"#, data: 0))
  }

  func testNumbersAreDigitsOnly() {
    for number in ["2.0", "2e0", "0.2e1", "20E-1"] { assertNotJSON(problemReplacing("[2]", by: "[\(number)]")) }
    for number in ["02", "+2", "0x2", "NaN", "99999999999999999999", "2,", ",2", "2,,1", ","] {
      assertNotJSON(problemReplacing("[2]", by: "[\(number)]"))
    }
    assertNotJSON(problemReplacing("[0,", by: "[-0,"), "digits")
    assertNotJSON(problemReplacing("[2]", by: "[-2,-1]"), "digits")
  }

  func testShapesAndPlacesMustAgree() {
    for shape in ["[1]", "[3]", "[]", "[2,2]", "[0]", "[9223372036854775807]"] {
      assertSize(problemReplacing("[2]", by: shape))
    }
    for shape in ["[4294967296,4294967296]", "[4611686018427387904,4,0]", "[9223372036854775807,9223372036854775807]"] {
      assertSize(problemReplacing("[2]", by: shape))
    }
    for offsets in ["[16,0]", "[0]", "[]", "[0,16,16]", "[0,9223372036854775807]"] {
      assertSize(problemReplacing("[0,16]", by: offsets))
    }
    assertSize(problemReplacing("F64", by: "F32"))
    assertSize(problemReplacing("F64", by: "I32"))
  }

  func testTypesOfLessThanAByteFillWholeBytes() {
    XCTAssertNil(problemOf(#"{"a":{"dtype":"F4","shape":[4],"data_offsets":[0,2]}}"#, data: 2))
    assertSize(problemOf(#"{"a":{"dtype":"F4","shape":[3],"data_offsets":[0,1]}}"#, data: 1))
    XCTAssertNil(problemOf(#"{"a":{"dtype":"F6_E2M3","shape":[4],"data_offsets":[0,3]}}"#, data: 3))
  }

  func testTypesThatTheFormatDoesNotKnowAreRefused() {
    XCTAssertEqual(problemReplacing("F64", by: "Q64"), .unknownElementType("Q64", tensor: "a"))
  }

  func testDataMustBeAsLongAsTheHeaderSays() {
    for count in [0, 8, 15, 17, 24] {
      XCTAssertEqual(problemReplacing("", by: "", data: count), .dataByteCount(expected: 16, found: count))
    }
    XCTAssertEqual(problemReplacing("[0,16]", by: "[8,24]"), .dataByteCount(expected: 24, found: 16))
  }

  func testTensorsLeaveNoHolesAndDoNotOverlap() {
    func two(_ a: (Int, Int), _ b: (Int, Int), data: Int) -> CheckpointError.Problem? {
      func tensor(_ place: (Int, Int)) -> String {
        #"{"dtype":"F64","shape":[\#((place.1 - place.0) / 8)],"data_offsets":[\#(place.0),\#(place.1)]}"#
      }
      return problemOf(#"{"a":\#(tensor(a)),"b":\#(tensor(b))}"#, data: data)
    }
    XCTAssertNil(two((0, 8), (8, 16), data: 16))
    XCTAssertNil(two((8, 16), (0, 8), data: 16))
    XCTAssertNil(two((16, 16), (0, 16), data: 16))
    XCTAssertNil(two((0, 0), (0, 16), data: 16))
    XCTAssertEqual(two((0, 8), (0, 8), data: 8), .tensorPlace(tensor: "b", expected: 8, found: 0))
    XCTAssertEqual(two((0, 16), (8, 24), data: 24), .tensorPlace(tensor: "b", expected: 16, found: 8))
    XCTAssertEqual(two((0, 8), (16, 24), data: 24), .tensorPlace(tensor: "b", expected: 8, found: 16))
    XCTAssertEqual(two((8, 16), (16, 24), data: 24), .tensorPlace(tensor: "a", expected: 0, found: 8))
    XCTAssertEqual(two((0, 16), (8, 8), data: 16), .tensorPlace(tensor: "b", expected: 16, found: 8))
  }

  // MARK: - Messages

  func testMessagesSayWhatAndWhere() {
    let url = SafeTensorsFixture.url("no such file")
    XCTAssertThrowsError(try SafeTensors(contentsOf: url)) {
      XCTAssertEqual("\($0)", "\(url.path): cannot be read: No such file or directory")
    }
    XCTAssertThrowsError(try SafeTensors(bytes: safeTensorsFile("{\"a\u{1b}[2J\":{".utf8))) {
      XCTAssertEqual("\($0)", "the header is invalid: byte 11 is a control character")
    }
    XCTAssertThrowsError(
      try SafeTensors(bytes: safeTensorsFile(#"{"\u001b[2J":{"dtype":"X","shape":[],"data_offsets":[]}}"#.utf8))
    ) {
      XCTAssertEqual("\($0)", #"the tensor "\u{1B}[2J" has the unknown type "X""#)
    }
  }
}
