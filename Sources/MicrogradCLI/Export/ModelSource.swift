import Foundation
import Micrograd
import MicrogradNN

/// A trained network as C: its prediction from the columns of a table.
struct ModelSource {
  static let namesThatAreUsable =
    "give a name of letters, digits and _ that begins with a letter and that neither C nor math.h has"

  let header: String
  let source: String

  /// - Parameter header: The name of the header's file, which the source includes.
  init(_ model: TrainedModel, named name: String, header: String) throws {
    let about = model.description
    let classes = about.classes
    // Of classes, the network's outputs and then their probabilities.
    let encoder = about.encoder
    let preparation = PreparationSource(encoder, named: name)
    let function = try compile(at: Array(repeating: 0, count: encoder.inputCount)) { x -> [Value] in
      let scaled = about.scaling.inputs.map { scaling in
        x.indices.map { (x[$0] - scaling.means[$0]) / scaling.standardDeviations[$0] }
      }
      let outputs = model.network(Matrix(rows: 1, columns: x.count, values: scaled ?? x))
      guard classes != nil else {
        guard let scaling = about.scaling.targets else { return outputs.values }
        return outputs.values.map { $0 * scaling.standardDeviations[0] + scaling.means[0] }
      }
      if !model.hasProbabilities { return outputs.values }
      if outputs.columns == 1 { return outputs.values + [(-outputs.values[0]).sigmoid(), outputs.values[0].sigmoid()] }
      return outputs.values + outputs.softmax().values
    }
    let own = classes != nil ? name + "_outputs" : preparation.isTrivial ? name : name + "_network"
    let c = try function.cSource(named: own)
    let what = "// Predicts the column \(Self.quoted(about.target)) from the columns\n\(preparation.comment)\n"
    var (declarations, definitions) = ("", "")
    let network = preparation.isTrivial ? nil : encoder.inputCount
    if let classes {
      let outputs = function.resultCount - (model.hasProbabilities ? classes.count : 0)
      (declarations, definitions) = Self.choice(
        classes, outputs, name, about.inputs.count, network, model.hasProbabilities)
    } else if let network {
      declarations = "\n// Returns the prediction.\ndouble \(name)(const double x[\(about.inputs.count)]);\n"
      definitions = """

        double \(name)(const double x[\(about.inputs.count)]) {
          double z[\(network)];
          \(name)_prepare(x, z);
          return \(name)_network(z);
        }

        """
    }
    declarations = preparation.declarations + declarations
    definitions = preparation.definitions + definitions
    let included = c.source.replacingFirst("#include \"\(c.name).h\"", with: "#include \"\(header)\"")
    self.header =
      what
      + c.header.replacingFirst(
        "\n#ifdef __cplusplus\n}\n", with: declarations + "\n#ifdef __cplusplus\n}\n")
    source = included + definitions
  }

  /// The class that is predicted: that of the largest output, or of the sign of a single one.
  ///
  /// - Parameter network: The number of inputs of the network; nil if they are the columns.
  private static func choice(
    _ classes: [String], _ outputs: Int, _ name: String, _ inputs: Int, _ network: Int?, _ hasProbabilities: Bool
  ) -> (declarations: String, definitions: String) {
    let count = classes.count, results = outputs + (hasProbabilities ? count : 0)
    let arguments = "const double x[\(inputs)]" + (hasProbabilities ? ", double probabilities[\(count)]" : "")
    let declarations = """

      // Returns the predicted class, from 0 to \(count - 1)\(hasProbabilities ? ", and writes the probability of each" : "").
      int \(name)(\(arguments));

      // The names of the classes.
      extern const char *const \(name)_classes[\(count)];

      """
    var definitions = """

      const char *const \(name)_classes[\(count)] = {\(classes.map(quoted).joined(separator: ", "))};

      int \(name)(\(arguments)) {
        double results[\(results)];
        int best = 0;
      \(network.map { "  double z[\($0)];\n  \(name)_prepare(x, z);\n" } ?? "")\
        \(name)_outputs(\(network == nil ? "x" : "z"), results);

      """
    if outputs == 1 {
      definitions += "  best = results[0] > 0;\n"
    } else {
      definitions += "  for (int k = 1; k < \(outputs); k++)\n    if (results[k] > results[best]) best = k;\n"
    }
    if hasProbabilities {
      definitions += "  for (int k = 0; k < \(count); k++) probabilities[k] = results[\(outputs) + k];\n"
    }
    return (declarations, definitions + "  return best;\n}\n")
  }

  /// A text as a string in C, whatever is in it.
  static func quoted(_ text: String) -> String {
    let bytes = text.utf8.map { byte -> String in
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "?"): return "\\" + String(UnicodeScalar(byte))
      case 0x20..<0x7f: return String(UnicodeScalar(byte))
      default:
        let octal = String(byte, radix: 8)
        return "\\" + String(repeating: "0", count: 3 - octal.count) + octal
      }
    }
    return "\"" + bytes.joined() + "\""
  }
}

extension String {
  fileprivate func replacingFirst(_ text: String, with other: String) -> String {
    guard let range = range(of: text) else { return self }
    return replacingCharacters(in: range, with: other)
  }
}
