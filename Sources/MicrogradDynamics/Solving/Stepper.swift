/// The steps of one method, on plain numbers.
internal protocol Stepper: AnyObject {
  /// The order of the error estimate.
  var errorOrder: Int { get }
  /// The states at the end of the last step that was accepted.
  var state: [Double] { get }
  /// Their derivatives.
  var slope: [Double] { get }
  /// The states at the end of the step that was tried last.
  var candidate: [Double] { get }
  /// The errors of the candidate; of zero count if the method estimates none.
  var errors: [Double] { get }

  /// Begins at a state.
  func start(time: Double, state: [Double]) throws(DynamicsError.Reason)
  /// Computes the candidate and its errors, without an end of the step.
  func attempt(size: Double) throws(DynamicsError.Reason)
  /// Makes the candidate the state.
  func accept(time: Double)
  /// Appends the continuous solution of the step that was tried last.
  func appendPiece(to pieces: inout [Double])
}
