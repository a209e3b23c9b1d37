/// The rows that a ``Trainer`` trains on: a ``Dataset``, or rows that are read when they are needed.
package protocol TrainingRows {
  /// The number of rows, at least 1.
  var count: Int { get }

  /// A hash of all numbers, which tells other rows from these.
  var fingerprint: UInt64 { get throws }

  /// Returns a data set that has some rows, and where they are in it, in the same order.
  func reading(_ rows: [Int]) throws -> (data: Dataset, rows: [Int])
}

extension Dataset: TrainingRows {
  package func reading(_ rows: [Int]) -> (data: Dataset, rows: [Int]) { (self, rows) }

  package var fingerprint: UInt64 {
    var fingerprint = Fingerprint()
    fingerprint.add(inputs)
    switch targets {
    case .numbers(let numbers, let columns):
      fingerprint.add(columns)
      fingerprint.add(numbers)
    case .classes(let classes, let names):
      for index in classes { fingerprint.add(index) }
      for name in names { fingerprint.add(name) }
    }
    return fingerprint.value
  }
}
