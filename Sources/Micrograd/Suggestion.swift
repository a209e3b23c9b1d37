/// Returns the name that someone who typed `word` most likely meant: the one with the fewest inserted, deleted, replaced or
/// swapped characters, upper and lower case alike; nil if more than two fifths of the characters would change.
///
/// - Complexity: O(m n) for words of m and n characters. Words of more than 64 characters are compared with no name.
package func suggestion(for word: String, among names: some Sequence<String>) -> String? {
  let typed = Array(word.lowercased())
  guard !typed.isEmpty, typed.count <= 64 else { return nil }
  var best: (name: String, changes: Int)?
  for name in names where name.count <= 64 {
    let changes = changes(from: typed, to: Array(name.lowercased()))
    if changes <= max(1, max(typed.count, name.count) * 2 / 5), changes < typed.count, changes < best?.changes ?? .max {
      best = (name, changes)
    }
  }
  return best?.name
}

/// Optimal string alignment: the number of changes where no character is changed twice.
private func changes(from first: [Character], to second: [Character]) -> Int {
  var (beforeLast, last, current) = ([Int](), Array(0...second.count), [Int]())
  for (row, a) in first.enumerated() {
    current = [row + 1]
    for (column, b) in second.enumerated() {
      var count = min(last[column] + (a == b ? 0 : 1), last[column + 1] + 1, current[column] + 1)
      if row > 0, column > 0, a == second[column - 1], b == first[row - 1] {
        count = min(count, beforeLast[column - 1] + 1)
      }
      current.append(count)
    }
    (beforeLast, last) = (last, current)
  }
  return last[second.count]
}
