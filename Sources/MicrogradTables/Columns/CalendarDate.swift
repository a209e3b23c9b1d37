/// Reads dates as days since 1970-01-01.
enum CalendarDate {
  /// Returns the days since 1970-01-01, with the time of day as a fraction; nil if the text is not a date.
  ///
  /// Accepts `2024-03-01`, `2024/03/01` and `01.03.2024`, alone or followed by a time such as `T12:30`, ` 12:30:15.5` or
  /// `12:30Z`. The calendar is the Gregorian one, also before 1582. Dates such as `03/01/2024` are not accepted, because
  /// their order is unclear. An offset from UTC, such as `+02:00`, is subtracted.
  static func days(_ text: String) -> Double? {
    let bytes = Array(text.utf8)
    guard bytes.count >= 8, bytes.count <= 40 else { return nil }
    let end = bytes.firstIndex { $0 == UInt8(ascii: "T") || $0 == UInt8(ascii: " ") } ?? bytes.count
    guard let day = day(bytes[..<end]) else { return nil }
    if end == bytes.count { return Double(day) }
    guard let seconds = seconds(bytes[(end + 1)...]) else { return nil }
    return Double(day) + seconds / 86_400
  }

  private static func day(_ bytes: ArraySlice<UInt8>) -> Int? {
    for (separator, isYearFirst) in [("-", true), ("/", true), (".", false)] as [(Unicode.Scalar, Bool)] {
      let parts = bytes.split(separator: UInt8(ascii: separator), omittingEmptySubsequences: false)
      guard parts.count == 3 else { continue }
      let (yearText, dayText) = isYearFirst ? (parts[0], parts[2]) : (parts[2], parts[0])
      guard yearText.count == 4, (1...2).contains(parts[1].count), (1...2).contains(dayText.count),
        let year = number(yearText), let month = number(parts[1]), let day = number(dayText),
        (1...12).contains(month), day >= 1, day <= lengthOfMonth(month, year)
      else { return nil }
      return daysSince1970(year, month, day)
    }
    return nil
  }

  private static func seconds(_ bytes: ArraySlice<UInt8>) -> Double? {
    var clock = bytes
    var offset = 0
    if clock.last == UInt8(ascii: "Z") {
      clock.removeLast()
    } else if let sign = clock.lastIndex(where: { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }) {
      let parts = clock[(sign + 1)...].split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
      guard (1...2).contains(parts.count), let hours = number(parts[0]), hours < 24,
        let minutes = parts.count == 2 ? number(parts[1]) : 0, minutes < 60
      else { return nil }
      offset = (hours * 3600 + minutes * 60) * (clock[sign] == UInt8(ascii: "-") ? -1 : 1)
      clock = clock[..<sign]
    }
    let parts = clock.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
    guard (2...3).contains(parts.count), let hours = number(parts[0]), hours < 24,
      let minutes = number(parts[1]), minutes < 60
    else { return nil }
    var seconds = 0.0
    if parts.count == 3 {
      guard let given = Double(String(decoding: parts[2], as: UTF8.self)), given >= 0, given < 60 else { return nil }
      seconds = given
    }
    return Double(hours * 3600 + minutes * 60 - offset) + seconds
  }

  private static func number(_ bytes: ArraySlice<UInt8>) -> Int? {
    guard !bytes.isEmpty, bytes.count <= 4, bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    return bytes.reduce(0) { $0 * 10 + Int($1 - 0x30) }
  }

  private static func lengthOfMonth(_ month: Int, _ year: Int) -> Int {
    let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    return [31, isLeapYear ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
  }

  /// Counts days in years that begin in March, so that the leap day is the last day of the year.
  private static func daysSince1970(_ year: Int, _ month: Int, _ day: Int) -> Int {
    let shifted = month > 2 ? year : year - 1
    let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
    // 719468 days lie between 0000-03-01 and 1970-01-01. Years are 0 or more, except -1, for which 4 and 400 need floors.
    func floored(_ a: Int, _ b: Int) -> Int { a >= 0 ? a / b : -((b - 1 - a) / b) }
    return 365 * shifted + floored(shifted, 4) - floored(shifted, 100) + floored(shifted, 400) + dayOfYear - 719_468
  }
}
