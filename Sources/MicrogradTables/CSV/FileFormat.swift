/// A format of files that are not tables as text, but may be taken for one.
public enum FileFormat: Equatable, Sendable, CaseIterable {
  /// A spreadsheet such as .xlsx or .ods, or another zip archive.
  case zip
  /// A spreadsheet in the old format .xls.
  case xls
  /// A Parquet file.
  case parquet
  /// An Arrow or Feather file.
  case arrow
  /// An HDF5 file, as MATLAB writes too.
  case hdf5
  /// An SQLite database.
  case sqlite
  /// An array of NumPy.
  case numpy
  /// A file that bzip2, xz or zstd compressed.
  case compressed
  /// A binary table, as `micrograd convert` writes.
  case binaryTable
  /// A safetensors file, such as a model.
  case safetensors

  /// The format of a file by its first bytes; nil if it is none of these.
  ///
  /// Some begin with ordinary letters. So ask only if the bytes are not text.
  init?(_ bytes: [UInt8]) {
    func begins(with start: [UInt8]) -> Bool { bytes.starts(with: start) }
    func begins(with start: String) -> Bool { bytes.starts(with: start.utf8) }
    if begins(with: "PK\u{3}\u{4}") {
      self = .zip
    } else if begins(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) {
      self = .xls
    } else if begins(with: "PAR1") {
      self = .parquet
    } else if begins(with: "ARROW1") || begins(with: "FEA1") {
      self = .arrow
    } else if begins(with: [0x89] + Array("HDF\r\n".utf8)) {
      self = .hdf5
    } else if begins(with: "SQLite format 3") {
      self = .sqlite
    } else if begins(with: [0x93] + Array("NUMPY".utf8)) {
      self = .numpy
    } else if begins(with: "BZh") || begins(with: [0xFD] + Array("7zXZ".utf8))
      || begins(with: [0x28, 0xB5, 0x2F, 0xFD])
    {
      self = .compressed
    } else if begins(with: BinaryTableHeader.signature) {
      self = .binaryTable
    } else if bytes.dropFirst(3).starts(with: [0, 0, 0, 0, 0, UInt8(ascii: "{")]) {
      self = .safetensors  // the length of its header, then the header
    } else {
      return nil
    }
  }

  /// What the file is, and what to do.
  var description: String {
    switch self {
    case .zip: "the file is a spreadsheet (.xlsx, .ods) or another zip archive; save the sheet as CSV"
    case .xls: "the file is a spreadsheet in the old format .xls; save the sheet as CSV"
    case .parquet: "the file is in the format Parquet; write the table as CSV"
    case .arrow: "the file is in the format Arrow; write the table as CSV"
    case .hdf5: "the file is in the format HDF5; write the table as CSV"
    case .sqlite: "the file is an SQLite database; write one table as CSV"
    case .numpy: "the file is an array of NumPy; write it as CSV, as numpy.savetxt does with delimiter=','"
    case .compressed: "the file is compressed; decompress it, or compress it by gzip"
    case .binaryTable:
      "the file is a binary table, which only “micrograd train” reads; give the CSV file from which it was made"
    case .safetensors: "the file is a model or other numbers in the format safetensors; give a table as CSV"
    }
  }
}
