import Micrograd

// Checks of hyper-parameters. They trap with the message given here.

internal func requireAtLeastZero(_ number: Double, _ name: String) {
  require(number >= 0 && number.isFinite, "\(name) is \(number): give a finite number of at least 0")
}

internal func requireDecay(_ number: Double, _ name: String) {
  require(number >= 0 && number < 1, "\(name) is \(number): give a number from 0 up to, but not including, 1")
}

/// Returns rows × columns + more, a number of parameters. Traps if a tape cannot hold so many.
internal func checkedCount(_ what: String, _ rows: Int, _ columns: Int, adding more: Int = 0) -> Int {
  let (product, overflows) = rows.multipliedReportingOverflow(by: columns)
  let (sum, overflowsToo) = product.addingReportingOverflow(more)
  require(
    !overflows && !overflowsToo && sum <= 1 << 28,
    """
    \(what) has \(rows) × \(columns)\(more > 0 ? " + \(more)" : "") parameters, but a tape holds at most \(1 << 28): make \
    it smaller
    """)
  return sum
}
