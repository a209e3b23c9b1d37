/// An error in the data of a picture.
public enum PictureError: Error, Equatable, CustomStringConvertible {
  /// A point does not have two coordinates.
  case pointIsNotPlanar(index: Int, coordinates: Int)
  /// The number of labels differs from the number of points.
  case labelCount(points: Int, labels: Int)
  /// A label is not 0 or 1.
  case labelIsNotBinary(index: Int, label: Int)
  /// The number of class names is not two.
  case classNameCount(Int)
  /// The grid would have no cell, or more cells than a picture can show.
  case resolution(Int)
  /// Two lists that belong together have different lengths.
  case listCount(name: String, found: Int, expected: Int)

  /// A message that says what is wrong and where.
  public var description: String {
    switch self {
    case .pointIsNotPlanar(let index, let coordinates):
      "point \(index) has \(coordinates) coordinates; give points [x, y]"
    case .labelCount(let points, let labels):
      "there are \(points) points but \(labels) labels; give one label per point"
    case .labelIsNotBinary(let index, let label):
      "label \(index) is \(label); give 0 or 1"
    case .classNameCount(let count):
      "there are \(count) class names; give two"
    case .resolution(let resolution):
      "the resolution is \(resolution); give 2 to 1000 cells"
    case .listCount(let name, let found, let expected):
      "the list \(name) has \(found) numbers; give \(expected), one for each x"
    }
  }
}
