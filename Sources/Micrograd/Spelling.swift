/// Finds the name that somebody meant.
package enum Spelling {
  /// Longer names are not compared, so that a suggestion takes little time.
  private static let longestName = 40

  /// Returns the known name that is closest to a name: one that differs only in case, or by few letters. Of two that are equally
  /// close, it is the one with the same first letter, which people rarely mistake, or else the first.
  package static func closest(to name: String, among known: some Sequence<String>) -> String? {
    let letters = Array(name.lowercased())
    guard letters.count <= longestName else { return nil }
    // One mistake in a short name, two or three in a long one.
    let limit = letters.count <= 1 ? 0 : letters.count <= 4 ? 1 : letters.count <= 8 ? 2 : 3
    var best: (name: String, rank: Int)?
    for candidate in known where candidate != name {
      let other = Array(candidate.lowercased())
      guard other.count <= longestName, abs(other.count - letters.count) <= limit else { continue }
      let distance = distance(letters, other)
      let rank = 2 * distance + (other.first == letters.first ? 0 : 1)
      if distance <= limit, distance < letters.count, rank < best?.rank ?? .max { best = (candidate, rank) }
    }
    return best?.name
  }

  /// The number of letters to insert, to delete, to replace, or to swap with a neighbour.
  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var (last, row) = ([Int](), Array(0...b.count))
    for i in a.indices {
      let before = last
      last = row
      row = [i + 1]
      for j in b.indices {
        var least = min(last[j] + (a[i] == b[j] ? 0 : 1), min(last[j + 1], row[j]) + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { least = min(least, before[j - 1] + 1) }
        row.append(least)
      }
    }
    return row[b.count]
  }
}
