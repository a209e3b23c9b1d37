extension Dataset {
  /// Creates a data set from images and labels in IDX format, such as MNIST.
  ///
  /// The first dimension of `images` is their number. The inputs are the pixels of an image, row by row. Pixels of one
  /// unsigned byte are divided by 255; other numbers are used as they are. `labels` must be a list of unsigned bytes, the
  /// class of each image. Without `names`, classes are named by their numbers, from 0 to the largest.
  ///
  /// Throws `IDXError` if the labels are not a list of bytes. Throws `DatasetError` if the number of labels differs from
  /// the number of images, if there are no images or no pixels, or if a class has no name. Each input takes eight bytes:
  /// 376 MB for MNIST's 60 000 images.
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
