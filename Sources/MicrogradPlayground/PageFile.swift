import CPlaygroundPage

/// A file of the page, as it is compiled into the program.
public struct PageFile: Sendable {
  /// The path in the page's address, without a slash at the start.
  public let path: String
  /// The media type.
  public let type: String
  /// The content.
  public let bytes: [UInt8]

  /// All files. The first is the page itself.
  public static let all: [PageFile] = (0..<mg_page_file_count()).map { index in
    let file = mg_page_file_at(index)
    return PageFile(
      path: String(cString: file.path), type: String(cString: file.type),
      bytes: Array(UnsafeBufferPointer(start: file.bytes, count: file.count)))
  }
}
