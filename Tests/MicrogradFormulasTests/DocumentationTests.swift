import Micrograd
import MicrogradFormulas
import TestSupport
import XCTest

final class DocumentationTests: XCTestCase {
  private func rounded(_ numbers: [Double]) -> [Double] { numbers.map { ($0 * 1e4).rounded() / 1e4 + 0 } }

  func testTheExamplesOfTheArticle() throws {
    var printed: [String] = []
    func print(_ items: Any...) { printed.append(items.map { "\($0)" }.joined(separator: " ")) }

    let decay = try Formula("a*exp(-b*x) + c")
    print(decay.names)  // ["a", "b", "x", "c"]
    print(decay([2.0, 0, 5, 1]))  // 3.0
    print(gradient(at: [2, 0, 5, 1]) { decay($0) })  // [1.0, -10.0, 0.0, 1.0]

    let article = "Sources/MicrogradFormulas/MicrogradFormulas.docc/MicrogradFormulas.md"
    let examples = try Documented.examples(ofArticle: article)
    XCTAssertEqual(examples.count, 1)
    let test = try Documented.lines(Documented.text("Tests/MicrogradFormulasTests/DocumentationTests.swift"))
    for example in examples { XCTAssertTrue(test.contains(Documented.lines(example)), example) }
    let results = examples[0].split(separator: "\n").compactMap {
      $0.components(separatedBy: "  // ").dropFirst().first
    }
    XCTAssertEqual(printed, results)
  }

  func testEveryFunctionOfTheArticleIsOne() throws {
    let article = try Documented.text("Sources/MicrogradFormulas/MicrogradFormulas.docc/MicrogradFormulas.md")
    let section = article.components(separatedBy: "### Functions")[1].components(separatedBy: "## Topics")[0]
    let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
    XCTAssertEqual(rows.count, 10)
    for (k, piece) in rows.joined().split(separator: "`").enumerated() where k % 2 == 1 {
      let name = piece.prefix { $0 != "(" }
      do {
        _ = try Formula("\(name)(x)")
      } catch {
        XCTAssertFalse(error.message.contains("there is no function"), "\(name)")
      }
    }
  }

  func testTheExamplesOfTheReference() throws {
    let decay = try Formula("a*exp(-b*x) + c")
    XCTAssertEqual(rounded([decay([3, 0.5, 2, 1])]), [2.1036])
    XCTAssertEqual(rounded(gradient(at: [3, 0.5, 2, 1]) { decay($0) }), [0.3679, -2.2073, -0.5518, 1.0])
    XCTAssertEqual(try Formula("e = a*b; e + c").assignedNames, ["e"])
    XCTAssertEqual(try Formula("a*b + b**3").value(at: ["a": -4, "b": 2]), 0)
    let statements = try Formula("e = a*b; d = e + c; d*f").statements([2.0, -3, 10, -2])
    XCTAssertEqual(statements.map(\.name), ["e", "d", nil])
    XCTAssertEqual(statements.map(\.value), [-6, 4, -8])
    let f = try Formula("a*exp(-b*x)").compiled()
    XCTAssertEqual(rounded(try f.values(at: Samples([[3, 0.5, 2], [1, 1, 0]]))), [1.1036, 1.0])
    XCTAssertEqual(try Formula("(a) * ((x ^ 2))+1").description, "a*x**2 + 1")
    let found = try XCTUnwrap(Formula("sqrt(log(x) - 1)").firstNotFinite(at: [2]))
    XCTAssertEqual(found.part, "sqrt(log(x) - 1)")
    XCTAssertTrue(found.number.isNaN)
    let model = try ModelFormula("log(y) ~ a + b*x")
    XCTAssertEqual(model.response.description, "log(y)")
    XCTAssertEqual(model.prediction.names, ["a", "b", "x"])
    XCTAssertEqual(model.parameters(columns: ["x", "y"]), ["a", "b"])
  }
}
