import Foundation
import XCTest

@testable import MicrogradNN

final class SafeTensorsTests: XCTestCase {
  // MARK: - Reading what Python wrote

  func testNumbersAtTheEdgesOf16BitsAreReadExactly() throws {
    for (type, expected) in SafeTensorsFixture.all.special {
      let file = try SafeTensors(contentsOf: SafeTensorsFixture.url("special_\(type)"))
      let found = try XCTUnwrap(file["special"]).data
      XCTAssertEqual(found.count, expected.count, type)
      for (number, digits) in zip(found, expected) {
        XCTAssertEqual(number.bitPattern, try XCTUnwrap(UInt64(digits, radix: 16)), "\(type): \(number)")
      }
    }
  }

  func testMixedFileIsReadAsFarAsItIsOfFloatingPoint() throws {
    let file = try SafeTensors(contentsOf: SafeTensorsFixture.url("mixed"))
    XCTAssertEqual(
      file.tensors,
      [
        .init("Größe/\"\\\n", shape: [1, 3], [1.5, -2, 3.25]), .init("empty", shape: [0, 3], []),
        .init("half", shape: [2, 1], [1, 0.5]), .init("scalar", shape: [], [2.5]),
      ])
    XCTAssertEqual(file.unread.map(\.name), ["mask", "num_batches_tracked"])
    XCTAssertEqual(file.unread.map(\.elementType), ["BOOL", "I64"])
    XCTAssertEqual(file.unread.map(\.shape), [[3], []])
    XCTAssertEqual(file.metadata, ["format": "pt \"\\\n\u{1} é 🙂"])
  }

  // MARK: - Writing

  func testWritesTheBytesThatThePackageWrites() throws {
    let bytes = try SafeTensorsFixture.bytes("plain")
    let file = try SafeTensors(bytes: bytes)
    let (header, data) = try SafeTensors(file.tensors.reversed(), metadata: file.metadata).parts(as: .float64)
    XCTAssertEqual(header.encoded + data, bytes)
  }

  func testDataBeginAtAMultipleOfEightWhateverTheNames() throws {
    for length in 0..<9 {
      let name = String(repeating: "n", count: length)
      let bytes = try SafeTensors([.init(name, shape: [1], [1])]).encoded(as: .float32)
      let headerLength = bytes.withUnsafeBytes { Int(UInt64(littleEndian: $0.load(as: UInt64.self))) }
      XCTAssertEqual(headerLength % 8, 0)
      XCTAssertEqual(bytes.count, 8 + headerLength + 4)
    }
  }

  func testEveryNumberComesBackWithItsBits() throws {
    let numbers: [Double] = [
      0, -0.0, 1 / 3, -.pi, .leastNonzeroMagnitude, -.leastNormalMagnitude, .greatestFiniteMagnitude, .infinity,
      -.infinity, .nan, Double(bitPattern: 0xFFF0_0000_0000_0001),
    ]
    let file = SafeTensors([.init("x", shape: [11], numbers)])
    let back = try XCTUnwrap(SafeTensors(bytes: file.encoded())["x"])
    XCTAssertEqual(back.data.map(\.bitPattern), numbers.map(\.bitPattern))
  }

  func testFloat32RoundsToNearest() throws {
    let numbers = [0.1, -0.0, 1e-50, 0x1.fffffefp127, .infinity, -.infinity]
    let file = SafeTensors([.init("x", shape: [6], numbers)])
    let back = try XCTUnwrap(SafeTensors(bytes: file.encoded(as: .float32))["x"])
    XCTAssertEqual(back.data, [Double(Float(0.1)), 0, 0, 0x1.fffffep127, .infinity, -.infinity])
    XCTAssertEqual(back.data[1].sign, .minus)
  }

  func testFloat32IsRefusedWhereANumberWouldBecomeInfinite() {
    let file = SafeTensors([.init("x", shape: [3], [1, 0x1.ffffffp127, .infinity])])
    XCTAssertEqual(
      problem { _ = try file.encoded(as: .float32) }, .overflow(tensor: "x", index: 1, value: 0x1.ffffffp127))
  }

  func testNamesShapesAndTextsComeBack() throws {
    let file = SafeTensors(
      [
        .init("", shape: [], [1]), .init("a\0b", shape: [2, 0, 3], []),
        .init("\"\\/\u{7f}\u{2028}🙂", shape: [1, 1], [2]),
        .init("tensors", shape: [2], [3, 4]),
      ], metadata: ["": "", "\0": "\n\r\t", "format": "pt", "é": "🙂"])
    XCTAssertEqual(try SafeTensors(bytes: file.encoded()), file)
    XCTAssertEqual(try SafeTensors(bytes: SafeTensors([]).encoded()), SafeTensors([]))
  }

  func testTheKeysOfTheChecksumAreReserved() {
    XCTAssertEqual(
      problem { _ = try SafeTensors([], metadata: ["micrograd.checksum": ""]).encoded() },
      .reservedName("micrograd.checksum"))
  }

  // MARK: - Checksum

  func testAFileChangedByAnotherProgramIsNoticed() throws {
    let file = SafeTensors([.init("x", shape: [2], [1, 2])], metadata: ["from": "here"])
    let (header, _) = try file.parts(as: .float64)
    var bytes = try file.encoded()
    bytes[bytes.count - 1] ^= 1
    guard case .checksum = problem({ _ = try SafeTensors(bytes: bytes) }) else { return XCTFail("not noticed") }
    XCTAssertEqual(try SafeTensors(bytes: header.encoded + bytes.suffix(16))["x"]?.data[0], 1)
  }

  func testLosingTheChecksumIsNoticed() {
    let bytes = safeTensorsFile(#"{"__metadata__":{"micrograd.format":"1"}}"#.utf8)
    guard case .checksum = problem({ _ = try SafeTensors(bytes: bytes) }) else { return XCTFail("not noticed") }
  }

  func testAFileOfALaterFormatIsRefused() throws {
    var (header, _) = try SafeTensors([]).parts(as: .float64)
    header.metadata["micrograd.format"] = "2"
    header.metadata["micrograd.checksum"] = header.checksum(of: UnsafeRawBufferPointer(start: nil, count: 0))
    guard case .state("micrograd.format", _) = problem({ _ = try SafeTensors(bytes: header.encoded) }) else {
      return XCTFail("taken")
    }
  }
}
