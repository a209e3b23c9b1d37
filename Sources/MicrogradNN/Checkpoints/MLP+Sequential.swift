extension MLP {
  /// The name that a parameter has in the equivalent `torch.nn.Sequential`, where each layer but the last is followed by a
  /// `torch.nn.ReLU`, which counts: `layers.1.weight` is `2.weight`. Other names stay as they are.
  ///
  /// ```swift
  /// try model.load(from: url, renaming: MLP.nameInSequential)
  /// ```
  ///
  /// That is for a model that is an `MLP`. Where the sequence has other parts between, give a function of your own.
  public static func nameInSequential(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "layers", let layer = Int(parts[1]), layer >= 0 else { return name }
    return "\(2 * layer).\(parts[2])"
  }
}
