import Micrograd

// What hyper-parameters must be, in the words of the message that a broken contract stops the program with.

internal func requireAtLeastZero(_ number: Double, _ name: String) {
  require(number >= 0 && number.isFinite, "\(name) is \(number): it is a finite number of 0 or more")
}

internal func requireDecay(_ number: Double, _ name: String) {
  require(number >= 0 && number < 1, "\(name) is \(number): it is a number from 0 up to, but not including, 1")
}

/// The number of parameters in rows × columns, and as many more; stops the program where a tape cannot hold them.
internal func checkedCount(_ what: String, _ rows: Int, _ columns: Int, adding more: Int = 0) -> Int {
  let (product, overflows) = rows.multipliedReportingOverflow(by: columns)
  let (sum, overflowsToo) = product.addingReportingOverflow(more)
  require(
    !overflows && !overflowsToo && sum <= 1 << 28,
    """
    \(what) has \(rows) × \(columns)\(more > 0 ? " + \(more)" : "") parameters, and a tape holds at most \(1 << 28): make \
    it smaller
    """)
  return sum
}
