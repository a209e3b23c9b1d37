/// The style of all charts: a light card that suits white and dark pages.
enum Theme {
  /// Font families that every system has, so that a picture embeds no font. The last is generic.
  static let font = "Helvetica, Arial, DejaVu Sans, sans-serif"

  /// For numbers that stand below one another: all digits are as wide.
  static let numberFont = "ui-monospace, SFMono-Regular, Menlo, Consolas, DejaVu Sans Mono, monospace"

  static let card = "#ffffff"
  static let cardBorder = "#d5dbe3"
  static let ink = "#1f2933"
  static let muted = "#5c6773"
  static let grid = "#e8ecf1"
  static let axis = "#b4bdc8"
  /// The colour of class 0 and of the loss.
  static let blue = "#1f5fa8"
  /// The colour of class 1 and of the accuracy.
  static let orange = "#d2600f"

  /// The colour of what is to be looked at. It differs from blue and orange for people who see few colours, too.
  static let attention = "#a3216b"
  static let edge = "#8793a1"

  /// Estimates the width of a text in pixels. Fonts differ, so leave room.
  static func width(of text: String, size: Double) -> Double {
    let ems = text.reduce(0.0) { sum, character in
      switch character {
      case "i", "j", "l", "I", "t", "f", "r", ".", ",", ":", ";", "|", "!", "'", " ", "(", ")", "[", "]":
        sum + 0.31
      case "m", "w", "M", "W", "@", "%": sum + 0.86
      case "A"..."Z", "&", "=", "+", "−", "≥", "<", ">": sum + 0.68
      default: sum + (character.unicodeScalars.allSatisfy { $0.value < 0x1100 } ? 0.56 : 1)
      }
    }
    return ems * size
  }

  /// Returns `text`, or the start of it that fits in `room` pixels, with an ellipsis.
  static func fitted(_ text: String, size: Double, room: Double) -> String {
    // Control characters and line breaks are not allowed in a line of text.
    let line = String(text.map { $0.isNewline ? " " : $0 })
    if width(of: line, size: size) <= room { return line }
    var used = width(of: "…", size: size)
    let start = line.prefix { character in
      used += width(of: String(character), size: size)
      return used <= room
    }
    return start + "…"
  }
}
