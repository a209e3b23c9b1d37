import Micrograd
import MicrogradNN

func aTinyGPT() throws {
  let rivers = [
    "amper", "isar", "inn", "lech", "iller", "naab", "regen", "altmuhl", "loisach", "paar", "vils", "rott", "main",
    "saale", "elbe", "oder", "spree", "havel", "neisse", "mulde", "ilm", "unstrut", "leine", "aller", "ems", "hase",
    "ruhr", "lippe", "sieg", "lahn", "nahe", "mosel", "saar", "neckar", "kocher", "jagst", "enz", "murg", "kinzig",
  ]
  let letters = ["."] + Set(rivers.joined()).sorted().map(String.init)
  let number = Dictionary(uniqueKeysWithValues: letters.enumerated().map { ($1, $0) })
  func encode(_ name: String) -> [Int] { [0] + name.map { number[String($0)]! } + [0] }
  print(encode("isar"))

  var random = PythonRandom(seed: 42)
  let width = 16
  let block = 9

  struct Transformer: CompositeModule {
    let token, position: Embedding
    let query, key, value, hidden, output, head: Linear
    var children: KeyValuePairs<String, any Module> {
      [
        "token": token, "position": position, "query": query, "key": key, "value": value, "hidden": hidden,
        "output": output, "head": head,
      ]
    }

    func callAsFunction(_ tokens: [Int]) -> Matrix {
      var x = token(tokens) + position(Array(tokens.indices))
      x = x + attention(x)
      x = x + output(hidden(x).relu())
      return head(x)
    }

    func attention(_ x: Matrix) -> Matrix {
      let scores = query(x).affine(weights: key(x)) / Double(x.columns).squareRoot()
      let past = Matrix.constant((0..<x.rows).map { row in (0..<x.rows).map { $0 <= row ? 0 : -.infinity } })
      return (scores + past).softmax().matmul(value(x))
    }
  }

  let model = Transformer(
    token: Embedding(count: letters.count, width: width, using: &random),
    position: Embedding(count: block, width: width, using: &random),
    query: Linear(width, width, using: &random), key: Linear(width, width, using: &random),
    value: Linear(width, width, using: &random), hidden: Linear(width, 4 * width, using: &random),
    output: Linear(4 * width, width, using: &random), head: Linear(width, letters.count, using: &random))
  print(model.parameterCount)

  var optimizer = Adam(model, schedule: .linear(from: 0.01, to: 0, steps: 600))
  var losses: [Double] = []
  for step in 0..<600 {
    Tape.scope {
      let tokens = encode(rivers[step % rivers.count])
      let loss = crossEntropy(logits: model(tokens.dropLast()), classes: Array(tokens.dropFirst()))
      model.zeroGradients()
      loss.backward()
      losses.append(loss.data)
      optimizer.step()
    }
  }
  func mean(_ numbers: ArraySlice<Double>) -> Double { numbers.reduce(0, +) / Double(numbers.count) }
  print((mean(losses[..<100]) * 100).rounded() / 100, (mean(losses[500...]) * 100).rounded() / 100)

  func invent() -> String {
    var tokens = [0]
    while tokens.count < block {
      let scores = withoutGradients { model(tokens) }
      let weights = scores.rows(scores.rows - 1..<scores.rows).softmax().data
      let next = random.choices(Array(letters.indices), weights: weights)[0]
      if next == 0 { break }
      tokens.append(next)
    }
    return tokens.dropFirst().map { letters[$0] }.joined()
  }
  print((0..<8).map { _ in invent() })
}
