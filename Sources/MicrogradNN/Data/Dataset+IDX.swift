extension Dataset {
  /// Joins images and their labels, as MNIST has them.
  ///
  /// The first dimension of `images` counts them; an image's pixels, row after row, are the inputs. Pixels of one byte
  /// without sign are divided by 255, so that they lie in 0 to 1; other numbers are taken as they are.
  /// `labels` must be a list of unsigned bytes, the class of each image. Without `names`, classes 0 to the largest are
  /// called by their numbers.
  ///
  /// Throws `IDXError` where the labels are no such list, and `DatasetError` where there are not as many labels as
  /// images, no images, no pixels, or a class has no name. An input takes eight bytes: 376 MB for MNIST's 60 000
  /// images.
  ///
  /// ```swift
  /// let images = try IDXFile([0, 0, 0x08, 3,  0, 0, 0, 2,  0, 0, 0, 1,  0, 0, 0, 2,  0, 255, 51, 0])
  /// let labels = try IDXFile([0, 0, 0x08, 1,  0, 0, 0, 2,  1, 0])
  /// let digits = try Dataset(images: images, labels: labels)
  /// digits.row(1)   // [0.2, 0.0]
  /// digits.targets  // .classes([1, 0], names: ["0", "1"])
  /// ```
  public init(images: IDXFile, labels: IDXFile, names: [String]? = nil) throws {
    guard labels.element == .unsignedByte, labels.dimensions.count == 1 else {
      throw IDXError.labelsAreNotBytes(labels.element, dimensions: labels.dimensions)
    }
    let classes = labels.numbers.map { Int($0) }
    let count = images.dimensions[0]
    guard count > 0 else { throw DatasetError.empty }
    guard count == classes.count else { throw DatasetError.rowCounts(inputs: count, targets: classes.count) }
    try self.init(
      inputs: images.numbers(dividedBy: images.element == .unsignedByte ? 255 : 1),
      inputCount: images.count / count,
      targets: .classes(classes, names: names ?? Self.numberNames(for: classes)))
  }
}
