import Foundation

/// A line of a terminal that is written over as a run goes on, and fits the terminal: a line that wraps cannot be written
/// over.
package enum TerminalLine {
  /// The columns of the terminal that standard output goes to, as they are now; 80 if they are unknown.
  package static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// A bar, what it counts, and as many of the details as fit, the first ones first.
  ///
  /// - Parameters:
  ///   - fraction: How much of the bar is filled, 0 to 1.
  ///   - width: The columns of the bar where there is room.
  ///   - count: Such as `3/100`.
  ///   - details: What follows it.
  ///   - columns: The columns of the terminal. The last one is left free: some terminals wrap once it is written to.
  package static func text(
    fraction: Double, width: Int, count: String, details: [String], columns: Int
  ) -> String {
    let room = max(0, columns - 1)
    for bar in [width, width / 2, 8] {
      let text = line(fraction, bar, count, details[...])
      if self.width(of: text) <= room { return text }
    }
    for kept in stride(from: details.count - 1, through: 0, by: -1) {
      let text = line(fraction, 8, count, details[..<kept])
      if self.width(of: text) <= room { return text }
    }
    return String(count.prefix(room))
  }

  private static func line(_ fraction: Double, _ width: Int, _ count: String, _ details: ArraySlice<String>) -> String {
    let filled = fraction.isFinite ? Int(Double(width) * min(max(fraction, 0), 1)) : 0
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    return (["\(bar) \(count)"] + details).joined(separator: "  ")
  }

  /// The columns that the text takes: two for each of the wide characters of East Asia and for pictures.
  private static func width(of text: String) -> Int {
    text.reduce(0) { sum, character in
      let first = character.unicodeScalars.first?.value ?? 0
      return sum + (first >= 0x1100 && !(0x2000...0x2E7F).contains(first) ? 2 : 1)
    }
  }
}
