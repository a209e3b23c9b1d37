/// The C of a library that computes a compiled function: of each path its programs, and the functions that Swift calls.
///
/// `u` lists what depends on parameters, for each program of each path: `NativeLibraryText.uniforms(of:path:)` says where.
internal struct NativeLibraryText {
  let function: CompiledFunction

  /// The programs in the order of their uniforms.
  static let programs: [CompiledFunction.Program] = [
    .comparisons, .values, .valuesWithGradientByInputs, .gradientByParameters,
  ]

  static func uniforms(of program: Int, path: Int) -> Int { path * programs.count + program }

  var hasGradient: Bool { function.resultCount == 1 && function.inputCount > 0 }
  var hasSums: Bool { function.resultCount == 1 && function.paths.contains { $0.parameterCount > 0 } }

  private var inputs: Int { function.inputCount }
  private var results: Int { function.resultCount }

  func text() throws(NativeCodeError) -> String {
    var printed = ""
    for (k, path) in function.paths.enumerated() {
      if path.isGuarded {
        printed += try path.printed(.comparisons, named: "comparisons_\(k)", hasParameters: true)
      }
      printed += try path.printed(.values, named: "values_\(k)", hasParameters: true)
      let gradients: [(isThere: Bool, program: CompiledFunction.Program, name: String)] = [
        (hasGradient, .valuesWithGradientByInputs, "gradient"), (hasSums, .gradientByParameters, "sums"),
      ]
      for gradient in gradients where gradient.isThere {
        printed += try path.printedGradient(
          gradient.program, named: "\(gradient.name)_\(k)", careful: "careful_\(gradient.name)_\(k)",
          hasParameters: true)
      }
    }
    return Self.pragmas + CSource.preamble + CText.definitions(for: printed) + printed + isFinite + values + gradients
      + sums
  }

  /// These of GCC's passes make branches of choices, and loops with branches are not vectorised.
  private static let pragmas = """
    #if defined(__linux__)
    #define _GNU_SOURCE
    #endif
    #if defined(__GNUC__) && !defined(__clang__)
    #pragma GCC optimize("no-tree-pre", "no-split-paths", "no-thread-jumps", "no-tree-sink")
    #endif

    """

  private var isFinite: String {
    """
    static int is_finite(const double *numbers, int64_t count) {
      int bad = 0;
      for (int64_t k = 0; k < count; k++) bad |= !(numbers[k] - numbers[k] == 0);
      return !bad;
    }


    """
  }

  /// `STATEMENT` for the path that a sample takes; `2` for one that takes none.
  private func choice(_ statement: (Int) -> String) -> String {
    var text = ""
    for (k, path) in function.paths.enumerated() {
      if path.isGuarded {
        text += "  if (comparisons_\(k)(x, u[\(Self.uniforms(of: 0, path: k))], 0, 0, 0) == 0) {\n"
        text += statement(k) + "  }\n"
      } else {
        return text + statement(k) + "}\n\n"
      }
    }
    return text + "  return 2;\n}\n\n"
  }

  /// True if every sample has a result: no guard fails and no pick is out of its table.
  private var isTotal: Bool { function.paths.count == 1 && !function.paths[0].isGuarded && !function.paths[0].picks }

  private var values: String {
    var text = "int mg_value(const double *restrict x, const double *const *u, double *restrict results) {\n"
    text += choice { "  return values_\($0)(x, u[\(Self.uniforms(of: 1, path: $0))], results, 0, 0);\n" }
    return text
      + batch("mg_values", "double *restrict results") { x, s in
        isTotal
          ? "values_0(\(x), u[1], results + \(results) * \(s), 0, 0)" : "mg_value(\(x), u, results + \(results) * \(s))"
      }
  }

  private var gradients: String {
    if !hasGradient { return "" }
    var text =
      "int mg_gradient(const double *restrict x, const double *const *u, double *restrict results, "
      + "double *restrict gradient) {\n"
    text += choice { path in
      let arguments = "(x, u[\(Self.uniforms(of: 2, path: path))], results, gradient, 0)"
      return """
          int status = gradient_\(path)\(arguments);
          if (status == 0 && !is_finite(gradient, \(inputs))) status = careful_gradient_\(path)\(arguments);
          return status;

        """
    }
    let arguments = "double *restrict results, double *restrict gradients"
    text += batch("mg_gradients", arguments, after: finite) { x, s in
      let rest = "results + \(s), gradients + \(inputs) * \(s)"
      return isTotal ? "gradient_0(\(x), u[2], \(rest), 0)" : "mg_gradient(\(x), u, \(rest))"
    }
    return text + gradientsByColumn
  }

  /// Samples whose gradients are not finite, once more.
  private var finite: String {
    !isTotal
      ? ""
      : """
        if (!is_finite(gradients, \(inputs) * count))
          for (int64_t s = 0; s < count; s++)
            if (!is_finite(gradients + \(inputs) * s, \(inputs)))
              careful_gradient_0(x + \(inputs) * s, u[2], results + s, gradients + \(inputs) * s, 0);

      """
  }

  /// Loops over samples that follow one another, and over columns of them. They return how many samples were not computed, which
  /// `left` marks.
  private func batch(
    _ name: String, _ arguments: String, after: String = "", _ call: (_ x: String, _ s: String) -> String
  ) -> String {
    let head =
      "(int64_t count, const double *restrict x, const double *const *u, \(arguments), unsigned char *restrict left) {\n"
    var text = "int64_t \(name)\(head)  int64_t missing = 0;\n  (void)left, (void)missing;\n"
    let rows = call("x + \(inputs) * s", "s")
    text += "  for (int64_t s = 0; s < count; s++) \(isTotal ? "\(rows);" : "missing += left[s] = \(rows) != 0;")\n"
    text += after + "  return missing;\n}\n\n"
    if name == "mg_gradients" { return text }
    text += "int64_t \(name)_by_column\(head)  int64_t missing = 0;\n  (void)left, (void)missing;\n"
    text += "  for (int64_t s = 0; s < count; s++) {\n" + gather
    let columns = call("in", "s")
    return text
      + "    \(isTotal ? "\(columns);" : "missing += left[s] = \(columns) != 0;")\n  }\n  return missing;\n}\n\n"
  }

  /// A sample out of columns.
  private var gather: String {
    if inputs == 0 { return "    const double *in = x;\n" }
    if inputs > 16 {
      return "    double in[\(inputs)];\n    for (int k = 0; k < \(inputs); k++) in[k] = x[k * count + s];\n"
    }
    return "    const double in[] = {\((0..<inputs).map { "x[\($0) * count + s]" }.joined(separator: ", "))};\n"
  }

  private var gradientsByColumn: String {
    let call = isTotal ? "gradient_0(in, u[2], results + s, out, 0)" : "mg_gradient(in, u, results + s, out)"
    let scatter =
      inputs > 16
      ? "    for (int k = 0; k < \(inputs); k++) gradients[k * count + s] = out[k];\n"
      : (0..<inputs).map { "    gradients[\($0) * count + s] = out[\($0)];\n" }.joined()
    let careful =
      !isTotal
      ? ""
      : """
        if (!is_finite(gradients, \(inputs) * count))
          for (int64_t s = 0; s < count; s++) {
        \(gather)    double out[\(inputs)];
            mg_gradient(in, u, results + s, out);
        \(scatter)  }

      """
    return """
      int64_t mg_gradients_by_column(int64_t count, const double *restrict x, const double *const *u, \
      double *restrict results, double *restrict gradients, unsigned char *restrict left) {
        int64_t missing = 0;
        (void)left, (void)missing;
        for (int64_t s = 0; s < count; s++) {
      \(gather)    double out[\(inputs)];
          \(isTotal ? "\(call);" : "missing += left[s] = \(call) != 0;")
      \(scatter)  }
      \(careful)  return missing;
      }


      """
  }

  /// Sums over samples, each path's in a list of its own.
  private var sums: String {
    if !hasSums { return "" }
    return ["sums", "careful_sums"].map { name in
      var text =
        "static int mg_sample_\(name)(const double *restrict x, const double *const *u, double *const *sums) {\n"
      text += choice { "  return \(name)_\($0)(x, u[\(Self.uniforms(of: 3, path: $0))], 0, 0, sums[\($0)]);\n" }
      let head =
        "int64_t count, const double *restrict x, const double *const *u, double *const *sums, unsigned char *left"
      for (suffix, lines, x) in [("", "", "x + \(inputs) * s"), ("_by_column", gather, "in")] {
        text += """
          int64_t mg_\(name)\(suffix)(\(head)) {
            int64_t missing = 0;
            for (int64_t s = 0; s < count; s++) {
          \(lines)    missing += left[s] = mg_sample_\(name)(\(x), u, sums) != 0;
            }
            return missing;
          }


          """
      }
      return text
    }.joined()
  }
}
