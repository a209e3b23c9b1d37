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
  /// - Parameter name: The name of the function. The function for the gradient is called `name_with_gradient`; all other names
  ///   begin with `name`.
  /// - Throws: ``NativeCodeError`` for a custom operation or a name that C does not allow.
  public func cSource(named name: String) throws(NativeCodeError) -> CSource {
    guard CSource.isUsable(name) else { throw .unusableName(name) }
    let writer = CSourceWriter(function: self, name: name)
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

  private var hasOneResult: Bool { function.resultCount == 1 }
  private var hasGradient: Bool { hasOneResult && function.inputCount > 0 }
  private var input: String { "const double \(Self.array("x", function.inputCount))" }
  private var results: String { "double \(Self.array("results", function.resultCount))" }
  private var gradient: String { "double \(Self.array("gradient", function.inputCount))" }
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

      // \(hasOneResult ? "Returns the value." : "Writes the results.")\(undefined)
      \(valueDeclaration);

      """
    if hasGradient {
      text += """

        // Returns the value, and writes its derivatives with respect to the inputs.\(undefined)
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

  private func part(_ what: String, _ path: Int) -> String { "\(name)_\(what)_of_path_\(path)" }

  /// The functions of all paths.
  func programs() throws(NativeCodeError) -> String {
    var text = ""
    for (k, path) in function.paths.enumerated() {
      if path.isGuarded {
        text += try path.printed(.comparisons, named: part("comparisons", k), hasParameters: false)
      }
      text += try path.printed(.values, named: part("values", k), hasParameters: false)
      if hasGradient {
        let program = CompiledFunction.Program.valuesWithGradientByInputs
        text += try path.printedGradient(
          program, named: part("gradient", k), careful: part("careful_gradient", k), hasParameters: false)
      }
    }
    return text
  }

  /// The functions that the header declares.
  var entries: String {
    var text = ""
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
    if hasOneResult { text += "  double value;\n" }
    for k in function.paths.indices {
      text += condition(k) + "\(part("values", k))(x, 0, \(value), 0, 0) == 0) return\(hasOneResult ? " value" : "");\n"
    }
    text +=
      hasOneResult
      ? "  return (double)NAN;\n}\n"
      : "  for (int k = 0; k < \(function.resultCount); k++) results[k] = (double)NAN;\n}\n"
    if !hasGradient { return text }
    text += "\n" + gradientDeclaration + " {\n  double value;\n"
    for k in function.paths.indices {
      text += condition(k) + "\(part("gradient", k))(x, 0, &value, gradient, 0) == 0) {\n"
      text += """
            // A zero that met an infinite number: computed again, as if it met nothing.
            if (!\(name)_is_finite(gradient, \(function.inputCount)))
              \(part("careful_gradient", k))(x, 0, &value, gradient, 0);
            return value;
          }

        """
    }
    return text + """
        for (int k = 0; k < \(function.inputCount); k++) gradient[k] = (double)NAN;
        return (double)NAN;
      }

      """
  }

  private func condition(_ path: Int) -> String {
    function.paths[path].isGuarded ? "  if (\(part("comparisons", path))(x, 0, 0, 0, 0) == 0 && " : "  if ("
  }
}
