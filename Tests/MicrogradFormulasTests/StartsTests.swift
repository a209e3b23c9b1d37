import Micrograd
import MicrogradOptimization
import TestSupport
import XCTest

@testable import MicrogradFormulas

final class StartsTests: XCTestCase {
  private struct NIST: Decodable {
    struct Certified: Decodable {
      let name: String
      let parameters: [Double]
      let residualSumOfSquares: Double
      let x: [[Double]]
      let y: [Double]
    }
    let sets: [Certified]
  }

  /// The models as the files of NIST write them.
  private static let models: [String: String] = [
    "Misra1a": "y ~ b1*(1 - exp(-b2*x))", "BoxBOD": "y ~ b1*(1 - exp(-b2*x))",
    "Misra1b": "y ~ b1*(1 - (1 + b2*x/2)**-2)",
    "Misra1c": "y ~ b1*(1 - (1 + 2*b2*x)**-.5)", "Misra1d": "y ~ b1*b2*x*((1 + b2*x)**-1)",
    "Chwirut1": "y ~ exp(-b1*x)/(b2 + b3*x)",
    "Chwirut2": "y ~ exp(-b1*x)/(b2 + b3*x)", "DanWood": "y ~ b1*x**b2",
    "Eckerle4": "y ~ (b1/b2)*exp(-0.5*((x - b3)/b2)**2)",
    "ENSO":
      "y ~ b1 + b2*cos(2*pi*x/12) + b3*sin(2*pi*x/12) + b5*cos(2*pi*x/b4) + b6*sin(2*pi*x/b4) + b8*cos(2*pi*x/b7) + b9*sin(2*pi*x/b7)",
    "Gauss1": gauss, "Gauss2": gauss, "Gauss3": gauss, "Hahn1": cubic, "Thurber": cubic,
    "Kirby2": "y ~ (b1 + b2*x + b3*x**2)/(1 + b4*x + b5*x**2)", "Lanczos1": decays, "Lanczos2": decays,
    "Lanczos3": decays,
    "MGH09": "y ~ b1*(x**2 + x*b2)/(x**2 + x*b3 + b4)", "MGH10": "y ~ b1*exp(b2/(x + b3))",
    "MGH17": "y ~ b1 + b2*exp(-x*b4) + b3*exp(-x*b5)",
    "Nelson": "log(y) ~ b1 - b2*x*exp(-b3*x2)", "Rat42": "y ~ b1/(1 + exp(b2 - b3*x))",
    "Rat43": "y ~ b1/((1 + exp(b2 - b3*x))**(1/b4))",
    "Roszman1": "y ~ b1 - b2*x - atan(b3/(x - b4))/pi", "Bennett5": "y ~ b1*(b2 + x)**(-1/b3)",
  ]
  private static let slowSets: Set<String> = [
    "Bennett5", "Chwirut1", "ENSO", "Gauss1", "Gauss2", "Gauss3", "Lanczos1", "Lanczos2", "Lanczos3", "Rat43",
    "Roszman1", "Nelson",
  ]
  private static let gauss = "y ~ b1*exp(-b2*x) + b3*exp(-(x - b4)**2/b5**2) + b6*exp(-(x - b7)**2/b8**2)"
  private static let cubic = "y ~ (b1 + b2*x + b3*x**2 + b4*x**3)/(1 + b5*x + b6*x**2 + b7*x**3)"
  private static let decays = "y ~ b1*exp(-b2*x) + b3*exp(-b4*x) + b5*exp(-b6*x)"

  /// The lowest sum of squares of fits from the guessed starts.
  private func lowest(_ model: ModelFormula, _ columns: [String], _ rows: [[Double]], _ y: [Double]) throws -> Double {
    let names = model.parameters(columns: columns)
    let places = model.prediction.names.map { name in
      columns.firstIndex(of: name) ?? columns.count + (names.firstIndex(of: name) ?? 0)
    }
    return model.starts(columns: columns, rows: rows, responses: y).compactMap { start in
      try? fitCurve(inputs: rows, y: y, from: start.parameters) { p, row in
        let all = row.map { Value.constant($0) } + p
        return model.prediction(places.map { all[$0] })
      }.residualSumOfSquares
    }.min() ?? .infinity
  }

  /// Without any start from outside, the certified minimum of every set is found.
  func testGuessedStartsLeadToTheCertifiedMinimaOfNIST() throws {
    var missed: [String] = []
    for set in try readFixture("nist.json", NIST.self).sets {
      #if DEBUG
        // Without the optimiser, three and more nonlinear parameters, and many rows, take long.
        if Self.slowSets.contains(set.name) { continue }
      #endif
      let model = try ModelFormula(try XCTUnwrap(Self.models[set.name]))
      let columns = Array(["x", "x2"].prefix(set.x[0].count))
      let y = set.y.map { model.response([$0]) }
      let sum = try lowest(model, columns, set.x, y)
      if sum > set.residualSumOfSquares * (1 + 1e-6) + 1e-20 { missed.append(set.name) }
    }
    XCTAssertEqual(missed, [])
  }

  func testStartsDoNotDependOnUnits() throws {
    let x = (0..<40).map { 0.25 * Double($0) }
    let y = x.map { 2.5 * exp(-0.7 * $0) + 0.4 + 0.01 * sin(50 * $0) }
    let model = try ModelFormula("y ~ a*exp(-b*x) + c")
    let plain = try lowest(model, ["x"], x.map { [$0] }, y)
    for (time, height) in [(1e9, 1e5), (1e-12, 1e-6), (3e7, 2e-30)] {
      let other = try lowest(model, ["x"], x.map { [$0 * time] }, y.map { $0 * height })
      XCTAssertEqual(other / height / height, plain, accuracy: 1e-6 * plain, "\(time), \(height)")
    }
  }

  func testUnitsFollowFromTheFormula() throws {
    func units(_ text: String) throws -> [[Double]?] {
      let formula = try Formula(text)
      return Dimensions(formula, columns: formula.names.map { $0 == "x" ? 0 : nil }, columnCount: 1).exponents
    }
    XCTAssertEqual(try units("a*exp(-b*x) + c"), [[0, 1], [-1, 0], [0, 1]])
    XCTAssertEqual(try units("A/(1 + ((x - m)/w)**2)"), [[0, 1], [1, 0], [1, 0]])
    XCTAssertEqual(try units("a + b*x + c*x**2"), [[0, 1], [-1, 1], [-2, 1]])
    XCTAssertEqual(try units("v*x/(k + x)"), [[0, 1], [1, 0]])
    XCTAssertEqual(try units("a*x**n"), [[0, 1], [0, 0]])
    XCTAssertEqual(try units("sqrt(a*x)"), [[-1, 2]])
    // Numbers that contradict units say nothing.
    XCTAssertEqual(try units("a*exp(-b/(x + 273.15))"), [[0, 1], [1, 0]])
  }

  func testLinearParametersAreFound() throws {
    func linear(_ text: String, columns: Set<String> = ["x"]) throws -> [String] {
      let formula = try Formula(text)
      let candidates = formula.names.indices.filter { !columns.contains(formula.names[$0]) }
      return LinearParameters(formula, candidates: candidates).linear.map { formula.names[$0] }
    }
    XCTAssertEqual(try linear("a*exp(-b*x) + c"), ["a", "c"])
    XCTAssertEqual(try linear("a*(b + c*x)"), ["b", "c"])
    XCTAssertEqual(try linear("k = a*x; k + if(x > 2, b, 0)"), ["a", "b"])
    XCTAssertEqual(try linear("v*x/(k + x)"), ["v", "k"])
    XCTAssertEqual(try linear("(a + b*x)/(1 + c*x)"), ["a", "b", "c"])
    XCTAssertEqual(try linear("sin(a*x)"), [])
  }

  func testBoundsAndKnownParametersAreKept() throws {
    let x = (0..<30).map { 0.3 * Double($0) }
    let model = try ModelFormula("y ~ a*exp(-b*x) + c")
    let starts = model.starts(
      columns: ["x"], rows: x.map { [$0] }, responses: x.map { 2 * exp(-0.5 * $0) + 1 }, known: ["c": 0.75],
      bounds: ["b": 0.1...0.4, "a": 0...1.5])
    XCTAssertFalse(starts.isEmpty)
    for start in starts {
      XCTAssertTrue((0...1.5).contains(start.parameters[0]) && (0.1...0.4).contains(start.parameters[1]), "\(start)")
      XCTAssertEqual(start.parameters[2], 0.75)
    }
  }

  func testAModelThatIsNeverFiniteHasNoStarts() throws {
    let model = try ModelFormula("y ~ a*log(-1 - b**2*x**2)")
    XCTAssertEqual(model.starts(columns: ["x"], rows: [[1], [2], [3]], responses: [1, 2, 3]), [])
  }
}
