import Foundation
import MicrogradTables

extension CSVTable {
  /// Reads a file; errors say which.
  init(path: String) throws {
    do {
      try self.init(contentsOf: URL(fileURLWithPath: path))
    } catch let error as CSVError {
      throw error
    } catch let error as GzipError {
      throw ExitMessage("\(path): \(error)")
    } catch {
      throw ExitMessage("cannot read \(path) (\(systemReason(error))): give the path of a CSV file.")
    }
  }
}
