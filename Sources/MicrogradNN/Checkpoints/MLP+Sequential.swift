extension MLP {
  /// Returns the name of a parameter in the equivalent `torch.nn.Sequential`. There, a `torch.nn.ReLU` follows each layer
  /// except the last and counts: `layers.1.weight` is `2.weight`. Other names do not change.
  ///
  /// ```swift
  /// try model.load(from: url, renaming: MLP.nameInSequential)
  /// ```
  ///
  /// This is for an `MLP`. If the sequence has other parts in between, write a function of your own.
  public static func nameInSequential(_ name: String) -> String {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0] == "layers", let layer = Int(parts[1]), layer >= 0 else { return name }
    return "\(2 * layer).\(parts[2])"
  }
}
