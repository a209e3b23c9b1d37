extension CompiledFunction {
  /// Returns the function as C that needs nothing but libm: its value or its results, and the gradient of a value with respect
  /// to the inputs.
  ///
  /// ```swift
  /// let f = try compile(at: [1, 2]) { x in x[0] * x[1] + exp(-x[0]) }
  /// let c = try f.cSource(named: "potential")
  /// c.header.contains("double potential(const double x[2]);")  // true
  /// c.header.contains("double potential_with_gradient(const double x[2], double gradient[2]);")  // true
  /// ```
  ///
  /// The functions have no state and take no memory, so any number of threads may call them. The source contains the parameters
  /// as they are now. Results have the bits of calls of the compiled function for one sample, if the compiler keeps the order of
  /// operations (no `-ffast-math`; GCC with `-std=c11` or `-ffp-contract=off`) and calls the same libm.
  ///
  /// A function that compares Values is written with all paths that were recorded (``pathCount``). If a sample takes none of
  /// them, or an index is outside of its table, the results are NaN.
  ///
  /// With the parameters as an argument, C code can fit them. Their order is that of ``parameters``:
  ///
  /// ```swift
  /// let w = Parameters([2, 1])
  /// let line = try compile(at: [0]) { x in w[0] * x[0] + w[1] }
  /// let fit = try line.cSource(named: "line", parameters: .argument)
  /// fit.header.contains("double line(const double x[1], const double p[2]);")  // true
  /// fit.header.contains("extern const double line_parameters[2];")  // true: 2 and 1
  /// ```
  ///
  /// `line_with_gradient(x, p, gradient, parameter_gradient)` writes the derivatives by both. The function is compiled again, so
  /// results differ by rounding from those with the numbers in the source.
  ///
  /// - Parameters:
  ///   - name: The name of the function. The function for the gradient is called `name_with_gradient`; all other names begin with
  ///     `name`.
  ///   - form: How the functions get the parameters.
  /// - Throws: ``NativeCodeError`` for a custom operation or a name that C does not allow; with the parameters as an argument also
  ///   if the function was read from a file, or cannot be compiled again.
  public func cSource(
    named name: String, parameters form: CSource.ParameterForm = .numbers
  ) throws(NativeCodeError) -> CSource {
    guard CSource.isUsable(name) else { throw .unusableName(name) }
    var writer = CSourceWriter(function: self, name: name)
    if form == .argument {
      let parameters = parameters
      do throws(CompilationError) {
        writer = CSourceWriter(function: try withInputs(parameters), name: name, parameters: parameters)
      } catch {
        throw .notCompiled(error)
      }
    }
    let functions = try writer.programs()
    let definitions = CText.definitions(for: functions)
    // On Linux the reentrant logarithm of Γ is declared for those only who ask for it.
    let extensions = definitions.contains("lgammal_r") ? "#if defined(__linux__)\n#define _GNU_SOURCE\n#endif\n" : ""
    let source =
      writer.comment + extensions + "#include \"\(name).h\"\n\n" + CSource.preamble + definitions + functions
      + writer.entries
    return CSource(name: name, header: writer.header, source: source)
  }
}

/// The parts of a source, without the functions that libm lacks.
private struct CSourceWriter {
  let function: CompiledFunction
  let name: String
  /// The parameters that are an argument.
  var parameters: [Value]?

  private var inputs: Int { function.inputCount + (parameters?.count ?? 0) }
  private var hasOneResult: Bool { function.resultCount == 1 }
  private var hasGradient: Bool { hasOneResult && inputs > 0 }
  private var input: String {
    let x = "const double \(Self.array("x", function.inputCount))"
    return parameters.map { "\(x), const double \(Self.array("p", $0.count))" } ?? x
  }
  private var results: String { "double \(Self.array("results", function.resultCount))" }
  private var gradient: String {
    let gradient = "double \(Self.array("gradient", function.inputCount))"
    return parameters.map { "\(gradient), double \(Self.array("parameter_gradient", $0.count))" } ?? gradient
  }
  /// The argument for parameters of the functions that are called.
  private var p: String { parameters == nil ? "0" : "p" }
  private var isPartial: Bool { function.paths.contains(where: \.isGuarded) }

  private static func array(_ name: String, _ count: Int) -> String { count > 0 ? "\(name)[\(count)]" : "*\(name)" }

  var comment: String {
    """
    // \(name): \(CompiledFunction.count(function.inputCount, "input")), \
    \(CompiledFunction.count(function.resultCount, "result")). Written by micrograd for Swift.
    // With GCC, compile with -std=c11 or -ffp-contract=off; the last digits may differ otherwise.

    """
  }

  private var valueDeclaration: String {
    hasOneResult ? "double \(name)(\(input))" : "void \(name)(\(input), \(results))"
  }
  private var gradientDeclaration: String { "double \(name)_with_gradient(\(input), \(gradient))" }

  var header: String {
    let undefined =
      isPartial ? " NaN if a comparison comes out in a way that was not recorded." : ""
    var text = comment
    text += """
      #ifndef MICROGRAD_\(name)_H
      #define MICROGRAD_\(name)_H

      #ifdef __cplusplus
      extern "C" {
      #endif

      enum { \(name)_inputs = \(function.inputCount), \(name)_results = \(function.resultCount) };
      \(startDeclaration)
      // \(hasOneResult ? "Returns the value." : "Writes the results.")\(undefined)
      \(valueDeclaration);

      """
    if hasGradient {
      text += """

        // Returns the value, and writes its derivatives with respect to the inputs\(parameters == nil ? "" : " and the parameters").\(undefined)
        \(gradientDeclaration);

        """
    }
    return text + """

      #ifdef __cplusplus
      }
      #endif

      #endif

      """
  }

  /// The numbers of the parameters, from which a fit can start.
  private var startDeclaration: String {
    guard let parameters, !parameters.isEmpty else { return "" }
    return """
      enum { \(name)_parameter_count = \(parameters.count) };

      // The parameters as they were when this was written.
      extern const double \(name)_parameters[\(parameters.count)];

      """
  }

  private var start: String {
    guard let parameters, !parameters.isEmpty else { return "" }
    let numbers = parameters.map { CText.number($0.unwatchedData) }.joined(separator: ",\n  ")
    return "const double \(name)_parameters[\(parameters.count)] = {\n  \(numbers)};\n\n"
  }

  private func part(_ what: String, _ path: Int) -> String { "\(name)_\(what)_of_path_\(path)" }

  /// The functions of all paths.
  func programs() throws(NativeCodeError) -> String {
    var text = ""
    let count = parameters?.count ?? 0
    for (k, path) in function.paths.enumerated() {
      if path.isGuarded {
        text += try path.printed(
          .comparisons, named: part("comparisons", k), hasParameters: false, parameterInputs: count)
      }
      text += try path.printed(.values, named: part("values", k), hasParameters: false, parameterInputs: count)
      if hasGradient {
        let program = CompiledFunction.Program.valuesWithGradientByInputs
        text += try path.printedGradient(
          program, named: part("gradient", k), careful: part("careful_gradient", k), hasParameters: false,
          parameterInputs: count)
      }
    }
    return text
  }

  /// The functions that the header declares.
  var entries: String {
    var text = start
    if hasGradient {
      text += """
        static int \(name)_is_finite(const double *numbers, int count) {
          for (int k = 0; k < count; k++)
            if (!isfinite(numbers[k])) return 0;
          return 1;
        }


        """
    }
    let value = hasOneResult ? "&value" : "results"
    text += valueDeclaration + " {\n"
    if parameters != nil { text += "  (void)x, (void)p;\n" }
    if hasOneResult { text += "  double value;\n" }
    for k in function.paths.indices {
      text +=
        condition(k) + "\(part("values", k))(x, \(p), \(value), 0, 0) == 0) return\(hasOneResult ? " value" : "");\n"
    }
    text +=
      hasOneResult
      ? "  return (double)NAN;\n}\n"
      : "  for (int k = 0; k < \(function.resultCount); k++) results[k] = (double)NAN;\n}\n"
    if !hasGradient { return text }
    var splitting = ""
    text += "\n" + gradientDeclaration + " {\n  double value;\n"
    if let parameters {
      text += """
          (void)x, (void)p, (void)gradient, (void)parameter_gradient;
          double all[\(inputs)];

        """
      splitting = ""
      if !parameters.isEmpty {
        splitting += "    for (int k = 0; k < \(parameters.count); k++) parameter_gradient[k] = all[k];\n"
      }
      if function.inputCount > 0 {
        splitting +=
          "    for (int k = 0; k < \(function.inputCount); k++) gradient[k] = all[\(parameters.count) + k];\n"
      }
    }
    let to = parameters == nil ? "gradient" : "all"
    for k in function.paths.indices {
      text += condition(k) + "\(part("gradient", k))(x, \(p), &value, \(to), 0) == 0) {\n"
      text += """
            // A zero that met an infinite number: computed again, as if it met nothing.
            if (!\(name)_is_finite(\(to), \(inputs)))
              \(part("careful_gradient", k))(x, \(p), &value, \(to), 0);
        \(splitting)    return value;
          }

        """
    }
    return text + """
        for (int k = 0; k < \(inputs); k++) \(to)[k] = (double)NAN;
      \(splitting)  return (double)NAN;
      }

      """
  }

  private func condition(_ path: Int) -> String {
    function.paths[path].isGuarded ? "  if (\(part("comparisons", path))(x, \(p), 0, 0, 0) == 0 && " : "  if ("
  }
}
