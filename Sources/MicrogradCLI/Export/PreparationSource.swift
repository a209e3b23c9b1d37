import Foundation
import MicrogradTables

/// The preparation of a table's columns as C: categories become inputs of 0 and 1, gaps are filled in.
struct PreparationSource {
  /// True if the columns are the inputs of the network, so that nothing is to be prepared.
  let isTrivial: Bool
  /// The declaration of the function that finds categories; empty without categories.
  let declarations: String
  /// The definitions of this function and of the one that prepares the inputs.
  let definitions: String
  /// A line of a comment for each column: what `x` holds.
  let comment: String

  /// - Parameters:
  ///   - encoder: The preparation.
  ///   - name: The name of the function that predicts.
  init(_ encoder: TableEncoder, named name: String) {
    let columns = encoder.columns
    isTrivial = columns.allSatisfy { $0.kind == .number && !$0.hasIndicator }
    let isTrivial = isTrivial
    comment = columns.enumerated().map { index, column in
      let what = isTrivial ? "" : ", " + Self.meaning(column, index, name)
      return "//   x[\(index)]: \(ModelSource.quoted(column.name))\(what)\n"
    }.joined()
    guard !isTrivial else {
      (declarations, definitions) = ("", "")
      return
    }
    let hasCategories = columns.contains { $0.kind == .category }
    declarations =
      hasCategories
      ? """

      // Returns the number in x of a category, -1 for one that was not in the training rows. NAN stands for a missing cell.
      double \(name)_category(int column, const char *text);

      """ : ""
    definitions = (hasCategories ? Self.search(columns, name) : "") + Self.preparation(encoder, name)
  }

  private static func meaning(_ column: ColumnEncoder, _ index: Int, _ name: String) -> String {
    switch column.kind {
    case .number: "a number, NAN if it is missing"
    case .boolean: "1 for yes, 0 for no, NAN if it is missing"
    case .date: "days since 1970-01-01, NAN if the date is missing"
    case .category: "the number that \(name)_category(\(index), text) returns, NAN if it is missing"
    }
  }

  private static func search(_ columns: [ColumnEncoder], _ name: String) -> String {
    var text = "\n#include <string.h>\n\ndouble \(name)_category(int column, const char *text) {\n"
    for (index, column) in columns.enumerated() where column.kind == .category {
      let names = column.categories.map(ModelSource.quoted).joined(separator: ",\n      ")
      text += """
          if (column == \(index)) {
            static const char *const names[\(column.categories.count)] = {
              \(names)};
            for (int k = 0; k < \(column.categories.count); k++)
              if (strcmp(text, names[k]) == 0) return k;
          }

        """
    }
    return text + "  return -1;\n}\n"
  }

  private static func preparation(_ encoder: TableEncoder, _ name: String) -> String {
    var text = """

      static void \(name)_prepare(const double x[\(encoder.columns.count)], double z[\(encoder.inputCount)]) {

      """
    var start = 0
    for (index, column) in encoder.columns.enumerated() {
      if column.kind == .category {
        text += "  for (int k = 0; k < \(column.categories.count); k++) z[\(start) + k] = x[\(index)] == k;\n"
      } else {
        text += "  z[\(start)] = x[\(index)] != x[\(index)] ? \(column.fill) : x[\(index)];\n"
      }
      start += column.inputCount
      if column.hasIndicator { text += "  z[\(start - 1)] = x[\(index)] != x[\(index)];\n" }
    }
    return text + "}\n"
  }
}
