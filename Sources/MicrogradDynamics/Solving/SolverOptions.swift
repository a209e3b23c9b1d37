import Micrograd

/// The error that a step may have besides the relative one, in the units of the states.
///
/// A number stands for the tolerance of every state, a list for one of each: `1e-9`, `[1e-9, 1e-3]`.
public enum AbsoluteTolerance: Sendable, Equatable, ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// A thousandth of the relative tolerance, times the largest magnitude that the state has had so far. So it follows the
  /// units of each state. As the unit of a state that starts at 0 is not known, its tolerance is at least 4 ulps of the
  /// largest state. If such a state is to be accurate while it is 10⁻¹⁰ times smaller than the largest, give tolerances.
  case automatic
  /// The same tolerance for all states.
  case same(Double)
  /// A tolerance for each state.
  case each([Double])

  /// The same tolerance for all states.
  public init(floatLiteral value: Double) { self = .same(value) }
  /// The same tolerance for all states.
  public init(integerLiteral value: Int) { self = .same(Double(value)) }
  /// A tolerance for each state.
  public init(arrayLiteral elements: Double...) { self = .each(elements) }
}

/// The tolerances and the limits of a solver.
public struct SolverOptions: Sendable, Equatable {
  /// The error that a step may have, relative to the states. Above 0.
  public var relativeTolerance: Double
  /// The error that a step may have besides; see ``AbsoluteTolerance``.
  public var absoluteTolerance: AbsoluteTolerance
  /// The size of the first step, above 0; `nil` if the solver chooses it.
  public var firstStep: Double?
  /// The size of the largest step, above 0; `nil` for no limit. Set it if the right-hand side has a short pulse after a long
  /// rest, which steps could miss.
  public var largestStep: Double?
  /// The number of steps, rejected ones included, at least 1.
  public var maximumSteps: Int
  /// True if a right-hand side of Values is compiled. A compiled function is not called any more, so set this to false for one
  /// that does something else besides, such as printing.
  public var compiles: Bool
  /// True if a compiled right-hand side is made native code by the system's C compiler
  /// (``/Micrograd/CompiledFunction/native(folder:)``). This takes a second or more for a large one, and is kept for later
  /// runs.
  public var usesNativeCode: Bool
  /// True if an explicit method ends with an error when the equation is found to be stiff. Otherwise it goes on with small
  /// steps.
  public var stopsIfStiff: Bool
  /// True if a solution keeps the states of all steps, and the states between them by the continuous solution of the method.
  ///
  /// If false, it keeps the states at its start and its end, those at events and, of a solution of Values, those at the requested
  /// times. A long solution then takes little memory, and ``IntegrationMethod/dormandPrince8`` saves three of fifteen evaluations
  /// in each step. A reverse sweep computes the steps again.
  public var keepsSteps: Bool
  /// The memory, in bytes, up to which a solution of Values stores the states of all steps unless a number of checkpoints is
  /// given.
  package var storedStateBytes = 128 << 20

  /// Creates options. Each argument has a default.
  public init(
    relativeTolerance: Double = 1e-6, absoluteTolerance: AbsoluteTolerance = .automatic, firstStep: Double? = nil,
    largestStep: Double? = nil, maximumSteps: Int = 100_000, compiles: Bool = true, usesNativeCode: Bool = false,
    stopsIfStiff: Bool = true, keepsSteps: Bool = true
  ) {
    self.relativeTolerance = relativeTolerance
    self.absoluteTolerance = absoluteTolerance
    self.firstStep = firstStep
    self.largestStep = largestStep
    self.maximumSteps = maximumSteps
    self.compiles = compiles
    self.usesNativeCode = usesNativeCode
    self.stopsIfStiff = stopsIfStiff
    self.keepsSteps = keepsSteps
  }
}

extension SolverOptions {
  internal func check(states: Int) throws(DynamicsError.Reason) {
    guard relativeTolerance > 0, relativeTolerance.isFinite else {
      throw .invalidTolerance(state: nil, found: relativeTolerance)
    }
    switch absoluteTolerance {
    case .automatic: break
    case .same(let tolerance):
      guard tolerance >= 0, tolerance.isFinite else { throw .invalidTolerance(state: nil, found: tolerance) }
    case .each(let tolerances):
      guard tolerances.count == states else {
        throw .toleranceCount(found: tolerances.count, expected: states)
      }
      for (state, tolerance) in tolerances.enumerated() where !(tolerance >= 0 && tolerance.isFinite) {
        throw .invalidTolerance(state: state, found: tolerance)
      }
    }
    for size in [firstStep, largestStep].compactMap({ $0 }) where !(size > 0 && size.isFinite) {
      throw .invalidStepSize(found: size)
    }
    require(maximumSteps >= 1, "maximumSteps is \(maximumSteps): give at least 1")
  }
}
