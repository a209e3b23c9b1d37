/// A picture of a confusion matrix: how many rows of each class were predicted as each class.
///
/// The shade of a cell is its share of the rows of the true class.
///
/// ```swift
/// let picture = ConfusionPicture(counts: [[8, 2], [1, 9]], classNames: ["no", "yes"], title: "Survival")
/// try picture.svg().write(toFile: "confusion.svg", atomically: true, encoding: .utf8)
/// ```
public struct ConfusionPicture: Sendable {
  /// The number of rows of each true class (first index) with each predicted class (second index).
  public let counts: [[Int]]
  /// The names of the classes.
  public let classNames: [String]
  /// The title.
  public var title: String

  /// The largest number of classes that are drawn.
  public static let greatestClassCount = 30

  /// Creates a picture.
  ///
  /// - Parameters:
  ///   - counts: A square matrix of counts, true classes in rows, predicted classes in columns.
  ///   - classNames: The names of the classes, as many, 1 to ``greatestClassCount``.
  ///   - title: The title.
  public init(counts: [[Int]], classNames: [String], title: String = "Confusion matrix") {
    precondition(
      (1...Self.greatestClassCount).contains(classNames.count) && counts.count == classNames.count
        && counts.allSatisfy { $0.count == classNames.count },
      "A confusion matrix has a row and a column for each of 1 to \(Self.greatestClassCount) classes.")
    self.counts = counts
    self.classNames = classNames
    self.title = title
  }

  /// Returns the picture as an SVG document with a light background. Cells are in a group of class `cells`.
  public func svg() -> String {
    let count = Double(classNames.count)
    let cell = min(110, max(22, 420 / count))
    let (left, top) = (170.0, 96.0)
    let side = cell * count
    return SVGWriter.card(width: max(460, left + side + 40), height: top + side + 88, title: title) { svg in
      svg.element("g", ["class": "cells"]) { svg in
        for (row, numbers) in counts.enumerated() {
          let total = numbers.reduce(0, +)
          for (column, number) in numbers.enumerated() {
            let share = total == 0 ? 0 : Double(number) / Double(total)
            draw(
              number, share, isRight: row == column, x: left + Double(column) * cell, y: top + Double(row) * cell, cell,
              to: &svg)
          }
        }
      }
      for (index, name) in classNames.enumerated() {
        let middle = (Double(index) + 0.5) * cell
        svg.text(
          Theme.fitted(name, size: 12, room: left - 66), x: left - 10, y: top + middle + 4, color: Theme.ink,
          anchor: "end")
        if cell >= 50 {
          svg.text(
            Theme.fitted(name, size: 12, room: cell - 6), x: left + middle, y: top + side + 20, color: Theme.ink,
            anchor: "middle")
        } else {
          svg.text("\(index + 1)", x: left + middle, y: top + side + 20, anchor: "middle")
        }
      }
      svg.text("predicted class", x: left + side / 2, y: top + side + 52, size: 13, color: Theme.ink, anchor: "middle")
      svg.text("true class", x: 30, y: top + side / 2, size: 13, color: Theme.ink, anchor: "middle", turned: true)
      svg.text("rows, and their share of the true class", x: left, y: top - 18)
    }
  }

  private func draw(
    _ number: Int, _ share: Double, isRight: Bool, x: Double, y: Double, _ cell: Double, to svg: inout SVGWriter
  ) {
    svg.element(
      "rect",
      [
        "x": x + 1, "y": y + 1, "width": cell - 2, "height": cell - 2, "rx": 3.0,
        "fill": isRight ? Theme.blue : Theme.orange, "fill-opacity": 0.06 + 0.84 * share,
      ])
    let color = share > 0.5 ? "#ffffff" : Theme.ink
    let size = cell >= 50 ? 15.0 : 10.0
    svg.text(
      "\(number)", x: x + cell / 2, y: y + cell / 2 + (cell >= 50 ? 0 : 4), size: size, color: color, anchor: "middle",
      weight: "600")
    if cell >= 50 {
      svg.text(
        NumberText.compact(100 * share, decimals: 0) + " %", x: x + cell / 2, y: y + cell / 2 + 17, size: 11,
        color: color, anchor: "middle")
    }
  }
}
