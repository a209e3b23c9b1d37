/// Returns the runs of finite values of a series, reduced to what a picture can show.
///
/// A series with at most four values per column is complete, split at values that are not finite. A longer one is cut into
/// `columns` pieces of equal length. Of each piece, the first, lowest, highest and last finite values remain. Every spike
/// remains, and a line through the values covers the same pixels. A piece without finite values is a gap.
///
/// O(n).
func visibleRuns(of values: [Double], columns: Int) -> [[(index: Int, value: Double)]] {
  var runs: [[(index: Int, value: Double)]] = []
  var run: [(index: Int, value: Double)] = []
  func endRun() {
    if !run.isEmpty { runs.append(run) }
    run = []
  }
  guard values.count > 4 * columns, columns > 0 else {
    for (index, value) in values.enumerated() {
      if value.isFinite { run.append((index, value)) } else { endRun() }
    }
    endRun()
    return runs
  }
  for column in 0..<columns {
    let piece = values.count * column / columns..<values.count * (column + 1) / columns
    let finite = piece.filter { values[$0].isFinite }
    guard let first = finite.first, let last = finite.last,
      let lowest = finite.min(by: { values[$0] < values[$1] }),
      let highest = finite.max(by: { values[$0] < values[$1] })
    else {
      endRun()
      continue
    }
    for index in Set([first, lowest, highest, last]).sorted() { run.append((index, values[index])) }
  }
  endRun()
  return runs
}
