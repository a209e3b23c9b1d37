import Foundation
import XCTest

@testable import MicrogradTables

final class CSVNumberTests: XCTestCase {
  private func value(_ text: String) -> Double? {
    Array(text.utf8).withUnsafeBufferPointer { CSVNumber.value($0) }
  }

  func testNumbersAreTheNearestDoubles() {
    for text in [
      "0", "-0", "1", "+1.5", "-12.5", ".5", "5.", "3e-4", "1E5", "1e+22", "1e23", "123456789012345", "0.1", "1e-22",
      "1234567890123456789", "4.35", "2.2250738585072011e-308", "5e-324", "1.7976931348623157e308", "9007199254740993",
      "000000000000000000001", "1e-400", "0.000000000000000000000000000001234", "8.5e-23", "3.14159265358979",
    ] {
      // strtod of the C library rounds to nearest.
      XCTAssertEqual(value(text)?.bitPattern, strtod(text, nil).bitPattern, text)
    }
  }

  func testManyRandomNumbersAreTheNearestDoubles() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<3000 {
      let mantissa = UInt64.random(in: 0...999_999_999_999_999_999, using: &random) >> Int.random(in: 0...59)
      let text = "\(mantissa)e\(Int.random(in: -40...40))"
      XCTAssertEqual(value(text)?.bitPattern, strtod(text, nil).bitPattern, text)
    }
  }

  /// Sixteen and more digits, as programs print doubles, and numbers halfway between two doubles.
  func testNumbersOfManyDigitsAreTheNearestDoubles() {
    var random = SystemRandomNumberGenerator()
    for k in 0..<20_000 {
      let number = Double(bitPattern: .random(in: 0x3000_0000_0000_0000...0x4F00_0000_0000_0000, using: &random))
      let text = k % 2 == 0 ? "\(number)" : "\(UInt64.random(in: 1 << 60 ... .max, using: &random))e\(k % 120 - 64)"
      XCTAssertEqual(value(text)?.bitPattern, strtod(text, nil).bitPattern, text)
    }
    for k in 0..<2000 {
      let odd = UInt64.random(in: 1 << 53...1 << 54, using: &random) | 1
      let text = "\(odd)e\(k % 24)"
      XCTAssertEqual(value(text)?.bitPattern, strtod(text, nil).bitPattern, text)
      XCTAssertEqual(value("\(odd).5")?.bitPattern, strtod("\(odd).5", nil).bitPattern, "\(odd).5")
    }
  }

  func testADecimalCommaIsReadWhenAskedFor() {
    func value(_ text: String) -> Double? {
      Array(text.utf8).withUnsafeBufferPointer { CSVNumber.value($0, point: UInt8(ascii: ",")) }
    }
    XCTAssertEqual(value("-1,5e3"), -1500)
    XCTAssertEqual(value("0,1234567890123456789012"), 0.1234567890123456789012)
    XCTAssertEqual(value("-1.234.567,5"), -1_234_567.5)
    XCTAssertEqual(value("12.345"), 12_345)
    for text in ["1.5", "1.23,5", "1234.567,5", ".123,5", "1.234.5", "1..234", "1.234,5.6", "--1.234,5", "1.234,5x"] {
      XCTAssertNil(value(text), text)
    }
    XCTAssertNil(value("1,5,2"))
  }

  func testOtherTextsAreNotNumbers() {
    for text in [
      "", "-", "+", ".", "-.", "e5", "1e", "1e+", "1e5.5", "0x1F", "0x1p3", "inf", "-inf", "nan", "NaN", "infinity",
      "1,5",
      "1 5", " 1", "1 ", "1\0", "1\0xyz", "1_000", "--1", "+-1", "1.2.3", "1f", "1d", "٣", "½", "1e309", "-1e999",
    ] {
      XCTAssertNil(value(text), text)
    }
  }

  func testNearMissesAreNamedWithWhatToWrite() {
    for (text, word) in [
      ("1,5", "decimal comma; write 1.5"), ("-0,25", "decimal comma; write -0.25"), ("1,5e3", "write 1.5e3"),
      ("0,500", "decimal comma; write 0.500"), ("1234,567", "decimal comma; write 1234.567"),
      ("250,500", "thousands separator or a decimal comma; write 250500 or 250.500"),
      ("1,250,500", "thousands separators; write 1250500"), ("1.250.500", "thousands separators; write 1250500"),
      ("1 250 500", "thousands separators; write 1250500"), ("1'250", "thousands separators; write 1250"),
      ("1_000_000", "thousands separators; write 1000000"),
      ("1,250.75", "thousands separators; write 1250.75"),
      ("1.250,75", "thousands separators and a decimal comma; write 1250.75"),
      ("12\u{A0}500,5", "decimal comma; write 12500.5"),
      ("inf", "not finite"), ("-Infinity", "not finite"), ("NAN", "not a number"), ("1e999", "too large"),
      ("0x1F", "hexadecimal"), ("$1,250.00", "sign for its unit"), ("45%", "sign for its unit"),
      ("12 €", "sign for its unit"), ("٣", "another script"),
    ] {
      XCTAssertTrue(CSVNumber.nearMiss(text)?.contains(word) ?? false, "\(text): \(CSVNumber.nearMiss(text) ?? "nil")")
    }
  }

  func testTextsAreNotNearMisses() {
    for text in [
      "", "red", "1.2.3", "2020-01-01", "10:30", "192.168.0.1", "3a", "a,b", "1,2,3", ",", "1,,000", "12,34,567", "v1",
      "½ cup", "one", "-", "x1F",
    ] {
      XCTAssertNil(CSVNumber.nearMiss(text), text)
    }
  }
}
