import Foundation

/// A progress line that is overwritten. It must fit the terminal, because a wrapped line cannot be overwritten.
package enum TerminalLine {
  /// True if standard output is a terminal that can overwrite a line.
  package static var isAvailable: Bool {
    isatty(STDOUT_FILENO) == 1 && ProcessInfo.processInfo.environment["TERM"] != "dumb"
  }

  /// What overwrites the line before, written ahead of the new one.
  package static let start = "\r\u{1B}[K"

  /// The current width of the terminal of standard output in columns; 80 if unknown.
  package static var columns: Int {
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Returns a bar, the count, and as many of the details as fit, the first ones first.
  ///
  /// - Parameters:
  ///   - fraction: The filled part of the bar, 0 to 1.
  ///   - width: The width of the bar in columns, if there is room.
  ///   - count: A text such as `3/100`.
  ///   - details: Texts after the count.
  ///   - columns: The width of the terminal. The last column is left free, because some terminals wrap once it is written.
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

  /// The width of the text in columns: two for each wide East Asian character and each emoji.
  private static func width(of text: String) -> Int {
    text.reduce(0) { sum, character in
      let first = character.unicodeScalars.first?.value ?? 0
      return sum + (first >= 0x1100 && !(0x2000...0x2E7F).contains(first) ? 2 : 1)
    }
  }
}
