import Micrograd

/// A list whose elements have names, in order: the start or the bounds of a fit with named parameters.
///
/// ```swift
/// let start: Named<Double> = ["amplitude": 1, "rate": 0.5]
/// start.names  // ["amplitude", "rate"]
/// start.values  // [1.0, 0.5]
/// ```
public struct Named<Element> {
  /// The names.
  public let names: [String]
  /// The elements, in the order of the names.
  public let values: [Element]

  /// Creates a list from as many names as elements.
  public init(names: [String], values: [Element]) {
    require(names.count == values.count, "\(names.count) names for \(values.count) elements: give one name for each")
    self.names = names
    self.values = values
  }
}

extension Named: ExpressibleByDictionaryLiteral {
  /// Creates a list from a literal, in the order in which it is written.
  public init(dictionaryLiteral elements: (String, Element)...) {
    names = elements.map(\.0)
    values = elements.map(\.1)
  }
}

extension Named: Sendable where Element: Sendable {}
extension Named: Equatable where Element: Equatable {}

/// The parameters that a model with named parameters is given.
public struct NamedValues {
  /// The parameters, in the order of the start.
  public let values: [Value]
  private let names: ParameterNames

  internal init(_ values: [Value], _ names: ParameterNames) {
    self.values = values
    self.names = names
  }

  /// The parameter with a name.
  ///
  /// If the fit has no parameter of that name, it ends with ``OptimizationError/unknownName(_:known:)``.
  public subscript(name: String) -> Value {
    if let k = names.names.firstIndex(of: name) { return values[k] }
    names.unknown = name
    return .constant(.nan)
  }

  /// The parameter at a position, from 0.
  public subscript(position: Int) -> Value { values[position] }
}

/// The names of the parameters of a fit, and the first name that a model asked for in vain.
internal final class ParameterNames {
  let names: [String]
  var unknown: String? {
    didSet { if oldValue != nil { unknown = oldValue } }
  }

  init(_ names: [String]) throws(OptimizationError) {
    for (k, name) in names.enumerated() where names.firstIndex(of: name) != k { throw .duplicateName(name) }
    self.names = names
  }

  /// Runs a fit of named parameters, whose errors name them. The fit is given the names, and a range for each parameter if
  /// some have bounds.
  static func fitting<Result>(
    _ start: Named<Double>, _ bounds: Named<ClosedRange<Double>>,
    _ fit: (ParameterNames, [ClosedRange<Double>]?) throws(OptimizationError) -> Result
  ) throws(OptimizationError) -> Result {
    let names = try ParameterNames(start.names)
    let ranges = try names.bounds(bounds)
    return try names.naming { () throws(OptimizationError) in try fit(names, ranges) }
  }

  /// Returns a range for each parameter, in the order of the names.
  private func bounds(_ bounds: Named<ClosedRange<Double>>) throws(OptimizationError) -> [ClosedRange<Double>]? {
    if bounds.names.isEmpty { return nil }
    for (k, name) in bounds.names.enumerated() {
      if bounds.names.firstIndex(of: name) != k { throw .duplicateName(name) }
      if !names.contains(name) { throw .unknownName(name, known: names) }
    }
    return names.map { name in
      bounds.names.firstIndex(of: name).map { bounds.values[$0] } ?? -Double.infinity ... .infinity
    }
  }

  /// Runs a fit and names the parameters in its errors.
  func naming<Result>(_ body: () throws(OptimizationError) -> Result) throws(OptimizationError) -> Result {
    let result: Result
    do throws(OptimizationError) {
      result = try body()
    } catch {
      if let unknown { throw .unknownName(unknown, known: names) }
      switch error {
      case .startNotFinite, .startOutsideBounds, .jacobianNotFinite: throw .inNamedFit(error, names: names)
      default: throw error
      }
    }
    if let unknown { throw .unknownName(unknown, known: names) }
    return result
  }
}

extension FitResult {
  /// The value of the parameter with a name. Traps if the fit has none of that name; ``names`` lists them.
  public subscript(name: String) -> Double {
    guard let k = names.firstIndex(of: name) else {
      trap("the fit has no parameter \(name); its parameters are \(names.joined(separator: ", "))")
    }
    return parameters[k]
  }
}
