import Foundation
import Micrograd
import TestSupport
import XCTest

/// Tests of which the code is that of the documentation, its results in comments as they stand there.
///
///     check {
///       let x = 2.0
///       x * x  // 4.0
///     }
///
/// Results of expressions, and what is printed, are compared with the comments, in order. A number in a comment that has
/// fewer digits than the result is one that was rounded.
class ExampleTests: XCTestCase {
  /// On a tape of its own, on which nothing is that other tests left.
  override func invokeTest() { Tape().scope { super.invokeTest() } }

  func print(_ items: Any...) -> Printed { Printed(text: items.map { "\($0)" }.joined(separator: " ")) }

  func check(_ file: StaticString = #filePath, line: UInt = #line, @Shown _ examples: () throws -> [String]) rethrows {
    let shown = try examples()
    guard let source = try? String(contentsOfFile: "\(file)", encoding: .utf8) else { return XCTFail("no \(file)") }
    let lines = source.components(separatedBy: "\n").dropFirst(Int(line) - 1)
    let end = (lines.first ?? "").prefix { $0 == " " } + "}"
    let promised = lines.prefix { $0 != end }.compactMap { $0.components(separatedBy: "// ").dropFirst().first }
    XCTAssertEqual(shown.count, promised.count, "results \(shown), comments \(promised)", file: file, line: line)
    for (shown, promised) in zip(shown, promised) {
      XCTAssertTrue(isShown(shown, by: promised), "\(shown), not \(promised)", file: file, line: line)
    }
  }

  /// Whether a comment begins with a result, numbers perhaps rounded, and goes on as a sentence does if at all.
  func isShown(_ result: String, by comment: String) -> Bool {
    var rest = Substring(comment)
    for token in tokens(result) {
      guard let number = Double(token) else {
        if !rest.hasPrefix(token) { return false }
        rest = rest.dropFirst(token.count)
        continue
      }
      guard let text = tokens(String(rest)).first, let promised = Double(text) else { return false }
      rest = rest.dropFirst(text.count)
      if text == token { continue }
      let decimals = text.split(separator: ".").dropFirst().first?.prefix { $0.isNumber }.count ?? 0
      let scale = text.split(separator: "e").dropFirst().first.flatMap { Double("1e\($0)") } ?? 1
      if decimals < 2 || abs(number - promised) > 0.5001 * pow(10, -Double(decimals)) * scale { return false }
    }
    return rest.isEmpty || ",:; ".contains(rest.removeFirst())
  }

  /// Numbers, and what is between them.
  private func tokens(_ text: String) -> [Substring] {
    var tokens: [Substring] = [], start = text.startIndex
    for number in text.matches(of: /-?[0-9]+(\.[0-9]+)?(e[-+]?[0-9]+)?/) {
      if start < number.range.lowerBound { tokens.append(text[start..<number.range.lowerBound]) }
      tokens.append(text[number.range])
      start = number.range.upperBound
    }
    return start < text.endIndex ? tokens + [text[start...]] : tokens
  }
}

/// What was printed, as the result of an example.
struct Printed {
  let text: String
}

/// Collects the results of expressions.
@resultBuilder
enum Shown {
  // One function for all types: of several, the type checker would try each with each overload in the expression.
  static func buildExpression<Result>(_ result: Result) -> [String] { shown(result) }
  static func buildBlock(_ results: [String]...) -> [String] { results.flatMap { $0 } }

  private static func shown(_ result: Any) -> [String] {
    switch result {
    case is Void: return []
    case let printed as Printed: return [printed.text]
    case let text as String: return ["\"\(text)\""]
    default:
      let mirror = Mirror(reflecting: result)
      if mirror.displayStyle != .optional { return ["\(result)"] }
      return mirror.children.first.map { shown($0.value) } ?? ["nil"]
    }
  }
}
