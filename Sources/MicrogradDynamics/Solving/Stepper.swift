/// The steps of one method, on plain numbers.
internal protocol Stepper: AnyObject {
  /// The order of the error estimate.
  var errorOrder: Int { get }
  /// Chooses the sizes of steps.
  var control: StepControl { get }
  /// The states at the end of the last step that was accepted.
  var state: [Double] { get }
  /// Their derivatives at the start of the first step.
  var slope: [Double] { get }
  /// The states at the end of the step that was tried last.
  var candidate: [Double] { get }
  /// The value of ``stiffness(_:)`` from which on steps are limited by stability; infinite of a method for stiff equations.
  var stabilityLimit: Double { get }
  /// The errors of the candidate; of zero count if the method estimates none.
  var errors: [Double] { get }
  /// The number of Jacobians and of factorisations.
  var counts: (jacobians: Int, factorizations: Int) { get }

  /// Begins at a state, whose derivatives are evaluated at `slopeTime`.
  func start(time: Double, state: [Double], slopeTime: Double) throws(DynamicsError.Reason)
  /// Computes the candidate and its errors.
  func attempt(size: Double) throws(DynamicsError.Reason)
  /// Returns the error of the candidate in units of its tolerance, and whether it is finite. An error of at most 1 is
  /// accepted.
  func assessed(_ scale: ErrorScale) -> (error: Double, isFinite: Bool)
  /// Makes the candidate the state, and returns it.
  func accept(time: Double) -> [Double]
  /// Writes the continuous solution of the step that was tried last: as many polynomial coefficients for each state as there is
  /// room for, ``IntegrationMethod/degree`` at least. Called after ``stiffness(_:)``.
  func writePiece(to piece: inout [Double]) throws(DynamicsError.Reason)
  /// An estimate of |h λ| for the largest eigenvalue λ of the Jacobian, at the step that was tried last; an upper bound of a
  /// method for stiff equations.
  func stiffness(_ scale: ErrorScale) -> Double
}
