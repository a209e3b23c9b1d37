import Micrograd

/// Rows that are dealt to ranks, in blocks of rows, and sums over the blocks of all ranks.
///
/// The results are the same bits on each rank. If another rank has failed, they are NaN.
package protocol RankedBlocks: AnyObject {
  /// The number of rows of all ranks.
  var rowCount: Int { get }
  /// The rows of this rank.
  var ownRows: Range<Int> { get }

  /// Returns what `combine` makes of the sums of all blocks, in a fixed tree.
  ///
  /// - Parameters:
  ///   - width: The number of sums.
  ///   - sums: Returns the sums of a block of this rank, given its number among the rank's blocks, and its rows.
  ///   - combine: Adds the sums of later blocks to those of earlier ones.
  func total(
    width: Int, of sums: (_ block: Int, _ rows: Range<Int>) -> [Double],
    combine: @escaping (inout [Double], [Double]) -> Void
  ) -> [Double]

  /// Returns the numbers of all ranks, one for each row, given those of this rank.
  func gather(_ own: [Double]) -> [Double]
}

/// Residuals whose rows are dealt to ranks.
///
/// Of the rows of a block, R of the QR factors of [J r] is kept; those of two blocks are combined by the QR factors of both,
/// one above the other. JᵀJ is never formed, because it has only half the digits.
internal final class BlockResiduals: Residuals {
  private let blocks: any RankedBlocks
  /// The rows of this rank; nil if it has none.
  private let rows: CompiledRows?
  /// The start and what was found there.
  private var first: (parameters: [Double], found: (residuals: [Double], point: FitPoint?))?
  /// Memory for residuals, if there is some. New memory of many rows takes the system as long as the residuals take to compute.
  private var spare: [Double]?

  init(_ blocks: any RankedBlocks, _ rows: CompiledRows?) {
    (self.blocks, self.rows) = (blocks, rows)
    super.init { _ in [] }  // not called: rows are compiled
  }

  override var evaluation: FunctionEvaluation { .compiled }

  /// Throws if the columns of the Jacobian at the start are so long or short that their squares are out of range.
  func check(_ start: [Double]) throws(OptimizationError) {
    let found = reduced(at: start)
    if found.point == nil { throw .effectsOutOfRange }
    first = (start, found)
  }

  override func evaluate(at parameters: [Double], wantsPoint: Bool) -> (residuals: [Double], point: FitPoint?) {
    counts.values += 1
    if wantsPoint {
      counts.derivatives += 1
      if let first, first.parameters == parameters {
        self.first = nil
        return first.found
      }
      return reduced(at: parameters)
    }
    return (rows?.values(at: parameters) ?? [], nil)
  }

  override func point(at parameters: [Double], _ residuals: [Double]) -> FitPoint? {
    counts.derivatives += 1
    return reduced(at: parameters).point
  }

  override func count(of residuals: [Double]) -> Int { blocks.rowCount }

  override func squareDifference(_ a: [Double], _ b: [Double], unit: Double) -> Double {
    let first = blocks.ownRows.lowerBound
    return blocks.total(width: 1) { _, rows in
      let own = rows.lowerBound - first..<rows.upperBound - first
      return [Array(a[own]).squareDifference(Array(b[own]), unit: unit)]
    } combine: {
      $0[0] += $1[0]
    }[0]
  }

  override func recycle(_ residuals: [Double]) { spare = residuals }

  override func all(_ residuals: [Double]) -> [Double] { blocks.gather(residuals) }

  private func reduced(at parameters: [Double]) -> (residuals: [Double], point: FitPoint?) {
    let columns = parameters.count + 1, weights = parameters.map { abs($0) }
    let own = blocks.ownRows
    var residuals = spare.take() ?? [Double](repeating: 0, count: own.count)
    let sums = blocks.total(width: columns * columns + 1) { block, range in
      let place = range.lowerBound - own.lowerBound..<range.upperBound - own.lowerBound
      guard let found = rows?.reduced(at: parameters, weights: weights, block: block) else { return [] }
      residuals.replaceSubrange(place, with: found.values)
      return found.triangle + [found.square]
    } combine: { sums, other in
      sums[columns * columns] += other[columns * columns]
      var triangle = Array(sums.dropLast())
      triangle.addRowsToTriangle(Array(other.dropLast()), columns: columns, rows: columns)
      sums.replaceSubrange(0..<columns * columns, with: triangle)
    }
    let point = FitPoint(
      parameters: parameters, residuals: residuals, count: blocks.rowCount, triangle: Array(sums.dropLast()),
      square: sums[columns * columns])
    return (residuals, point)
  }
}

/// Fits parameters to rows that are dealt to ranks, by the method of ``leastSquares(_:from:bounds:loss:options:progress:)``.
///
/// - Parameters:
///   - blocks: The rows.
///   - rows: The residuals of this rank's rows; nil if it has none.
///   - start: The initial parameters.
///   - bounds: The range of each parameter.
///   - options: The stopping criteria.
///   - responses: The responses of this rank's rows, for R², and their weights, nil if all are 1; nil if there are no responses.
///   - isScatterKnown: True if residuals are divided by known standard deviations.
package func fit(
  _ blocks: any RankedBlocks, _ rows: CompiledRows?, from start: [Double], bounds: [ClosedRange<Double>]?,
  options: FitOptions, responses: (values: [Double], weights: [Double]?)?, isScatterKnown: Bool
) throws(OptimizationError) -> FitResult {
  options.check()
  let box = try Box(bounds, around: start)
  let residuals = BlockResiduals(blocks, rows)
  try requireFiniteStart(blocks, rows, start)
  if blocks.rowCount >= start.count { try residuals.check(start) }
  var data = FitData()
  if isScatterKnown { data.weighting = .standardDeviations([]) }
  if let responses { data.totalNorm = totalNorm(blocks, responses.values, responses.weights) }
  return try fit(residuals, from: start, within: box, options, data) { _ in .goOn }
}

/// Throws for the first residual or derivative at the start that is not finite.
private func requireFiniteStart(
  _ blocks: any RankedBlocks, _ rows: CompiledRows?, _ start: [Double]
) throws(OptimizationError) {
  // The row, the parameter or -1, and the number.
  let found = blocks.total(width: 3) { block, range in
    guard let rows else { return [.infinity, -1, 0] }
    let values = rows.values(at: start, block: block)
    if let k = values.firstIndex(where: { !$0.isFinite }) { return [Double(range.lowerBound + k), -1, values[k]] }
    let derivatives = rows.jacobian(at: start, block: block)
    guard let k = derivatives.firstIndex(where: { !$0.isFinite }) else { return [.infinity, -1, 0] }
    return [Double(range.lowerBound + k % range.count), Double(k / range.count), derivatives[k]]
  } combine: {
    if $1[0] < $0[0] { $0 = $1 }
  }
  // NaN if another rank has failed, whose error is thrown instead.
  if found[0].isNaN { throw .noData }
  guard found[0].isFinite else { return }
  if found[1] < 0 { throw .residualNotFinite(row: Int(found[0]), found: found[2]) }
  throw .jacobianNotFinite(row: Int(found[0]), parameter: Int(found[1]), found: found[2])
}

/// The norm of the weighted responses minus their weighted mean.
private func totalNorm(_ blocks: any RankedBlocks, _ responses: [Double], _ weights: [Double]?) -> Double {
  let first = blocks.ownRows.lowerBound
  let sums = blocks.total(width: 2) { _, rows in
    var sums = [0.0, 0.0]
    for row in rows {
      let weight = weights.map { $0[row - first] * $0[row - first] } ?? 1
      sums[0] += weight
      sums[1] += weight * responses[row - first]
    }
    return sums
  } combine: {
    $0[0] += $1[0]
    $0[1] += $1[1]
  }
  let mean = sums[1] / sums[0]
  let square = blocks.total(width: 1) { _, rows in
    var sum = 0.0
    for row in rows {
      let difference = (weights?[row - first] ?? 1) * (responses[row - first] - mean)
      sum += difference * difference
    }
    return [sum]
  } combine: {
    $0[0] += $1[0]
  }
  return square[0].squareRoot()
}
