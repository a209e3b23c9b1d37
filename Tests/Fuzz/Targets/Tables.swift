import Foundation
import MicrogradNN

@testable import MicrogradTables

/// Any bytes are a table or an error; a table is one whatever is asked of it.
func fuzzCSV(_ bytes: [UInt8]) {
  let separators: [Character?] = [nil, ",", "|", "é", " "]
  let separator = separators[Int(bytes.first ?? 0) % separators.count]
  let headers: [CSVTable.Header] = [.automatic, .present, .absent]
  let header = headers[Int(bytes.last ?? 0) % headers.count]
  let decimal: CSVTable.DecimalMark = bytes.count % 2 == 0 ? .point : .automatic
  guard let table = try? CSVTable(bytes: bytes, separator: separator, header: header, decimal: decimal) else { return }
  check(table.count > 0, "a table has rows")
  check(Set(table.columns).count == table.columns.count, "columns have different names")
  if let reports = try? TableEncoder.survey(table, columns: Array(table.columns.prefix(20))) {
    let encoder = TableEncoder(reports)
    if let encoded = try? encoder.encode(table) {
      check(encoded.inputs.count == table.count * encoder.inputCount, "a preparation gives all inputs")
      check(encoded.inputs.allSatisfy(\.isFinite), "inputs are finite")
    }
  }
  for column in table.columns.prefix(20) {
    guard let fields = try? table.fields(column) else { fatalError("a column can be read") }
    check(fields.count == table.count, "a column has a field for each row")
    if let numbers = try? table.inputs([column]) { check(numbers.allSatisfy(\.isFinite), "numbers are finite") }
    if let data = try? table.dataset(target: column) { check(data.count == table.count, "a data set has all rows") }
    _ = try? table.dataset(target: column, inputs: [], kind: .classes)
  }
}

/// What unpacks is within the limit, and the same again.
func fuzzGzip(_ bytes: [UInt8]) {
  let limit = 1 << 16
  guard let unpacked = try? Gzip.unpack(bytes, limit: limit) else { return }
  check(unpacked.count <= limit, "the limit holds")
  check((try? Gzip.unpack(bytes, limit: unpacked.count)) == unpacked, "unpacking gives the same again")
}

/// A file has as many numbers as its dimensions say.
func fuzzIDX(_ bytes: [UInt8]) {
  guard let file = try? IDXFile(unpacking: bytes, limit: 1 << 20) else { return }
  // The product of others may overflow beside a dimension of 0.
  let count = file.dimensions.contains(0) ? 0 : file.dimensions.reduce(1, *)
  check(file.numbers.count == count, "there is a number for each place")
  _ = try? Dataset(images: file, labels: file)
}

/// A binary table whose checksums are right gives rows of its width, or an error.
func fuzzBinaryTable(_ bytes: [UInt8]) {
  var bytes = bytes
  // Right checksums, with which nearly every change would end there.
  if bytes.count >= 48 {
    let size = bytes[16..<24].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    if size >= 48, size <= UInt64(bytes.count) { setChecksum(of: 16..<Int(size), at: 12, &bytes) }
    if bytes.count >= 52 { setChecksum(of: bytes.count - 8..<bytes.count - 4, at: bytes.count - 4, &bytes) }
  }
  let url = FileManager.default.temporaryDirectory.appendingPathComponent("micrograd-fuzz-\(getpid()).mgt")
  defer { try? FileManager.default.removeItem(at: url) }
  guard (try? Data(bytes).write(to: url)) != nil, let table = try? BinaryTable(contentsOf: url) else { return }
  check(table.count > 0 && !table.columns.isEmpty, "a table has rows and columns")
  let inputs = table.columns.map(\.name).filter { $0 != table.target }
  guard !inputs.isEmpty, let reports = try? table.survey(columns: inputs),
    let rows = try? BinaryTableRows(table, TableEncoder(reports)),
    let data = try? rows.rows(at: [0, table.count - 1])
  else { return }
  check(data.inputs.count == 2 * rows.inputCount, "a row has all inputs")
}

private func setChecksum(of range: Range<Int>, at place: Int, _ bytes: inout [UInt8]) {
  var checksum = Checksum()
  bytes[range].withUnsafeBytes { checksum.addContent($0) }
  withUnsafeBytes(of: checksum.value.littleEndian) { bytes.replaceSubrange(place..<place + 4, with: $0) }
}
