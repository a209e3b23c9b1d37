@testable import MicrogradFormulas

/// Any text is a formula or an error with a place in the text; a formula prints as text that parses to itself.
///
/// A first byte below 64 makes text of the bytes; else each byte chooses a token, so that most inputs are nearly formulas.
func fuzzFormula(_ bytes: [UInt8]) {
  let rest = bytes.dropFirst()
  let text =
    (bytes.first ?? 0) < 64
    ? String(decoding: rest, as: UTF8.self) : rest.map { formulaTokens[Int($0) % formulaTokens.count] }.joined()
  do {
    let formula = try Formula(text)
    check((try? Formula(formula.description)) == formula, "a printed formula is the same")
    let inputs = formula.names.indices.map { 0.5 * Double($0) - 1 }
    let value = formula(inputs)
    check(formula.firstNotFinite(at: inputs) != nil || value.isFinite, "what is not finite is found")
  } catch {
    check((0...text.unicodeScalars.count).contains(error.position), "an error has a place in the text")
    check(!error.description.isEmpty, "an error has a message")
  }
  guard let model = try? ModelFormula(text) else { return }
  check((try? ModelFormula("\(model)")) != nil || model.description.contains(";"), "a printed model can be read")
  // What a guess of starts takes from the formula.
  let names = model.prediction.names
  let units = Dimensions(model.prediction, columns: names.indices.map { $0 == 0 ? 0 : nil }, columnCount: 1)
  check(units.exponents.count == max(names.count - 1, 0), "each parameter has a unit or none")
  let linear = LinearParameters(model.prediction, candidates: Array(names.indices.dropFirst())).linear
  check(linear.allSatisfy { $0 > 0 && $0 < names.count }, "linear parameters are parameters")
}

private let formulaTokens = [
  "a", "b", "x", "y", "sin(", "exp(", "max(", "if(", "where(", "gamma(", "polygamma(1, ", " and ", " or ", " not ",
  "pi", "(", ")", ")", ", ", " + ",
  " - ", "*", "/", "**", "^", "²", "⁻¹", " < ", " == ", " ? ", " : ", " = ", " ~ ", "; ", "\n", "1", "2.5", "1e-3",
  "`T (K)`", "`", "#", "−", "!",
]
