import Micrograd

// What hyper-parameters must be, in the words of the message that a broken contract stops the program with.

internal func requireAtLeastZero(_ number: Double, _ name: String) {
  require(number >= 0 && number.isFinite, "\(name) is \(number): it is a finite number of 0 or more")
}

internal func requireDecay(_ number: Double, _ name: String) {
  require(number >= 0 && number < 1, "\(name) is \(number): it is a number from 0 up to, but not including, 1")
}
