import Foundation
import Micrograd

/// What stands behind one open page: takes a message, and returns messages.
///
/// A message is a JSON object with `id`, `room` and `action`, and what the action needs; an answer has the same `id` and
/// `room`, and a `kind`. An error is an answer of kind `error`: its message, the `field` that it is about, and the place in
/// that field, if it has one. So nothing that is sent ends the session.
///
/// The session knows no sockets and no clock. The page asks for each frame of a training run, so a page that is
/// hidden or closed costs nothing. It has a tape of its own, so sessions do not disturb one another. Use it from one
/// thread at a time.
public final class PlaygroundSession {
  /// The longest message in bytes. A table with a hundred thousand rows is shorter.
  public static let longestMessage = 16 << 20

  private let tape = Tape()
  private var expression = ExpressionRoom()
  private var network = NetworkRoom()
  private var fit = FitRoom()

  /// Creates a session with nothing in it.
  public init() {}

  /// Answers a message.
  public func receive(_ message: String) -> [String] {
    let data = Data(message.utf8)
    let head: MessageHead
    do {
      guard data.count <= Self.longestMessage else {
        throw PlaygroundError(
          "the message has \(data.count) bytes, and the largest is \(Self.longestMessage): send less data")
      }
      head = try JSONDecoder.forMessages.decode(MessageHead.self, from: data)
    } catch let error as PlaygroundError {
      return [Answer.text(of: error, to: nil)]
    } catch {
      let problem = PlaygroundError("the message is not a JSON object with id, room and action: reload the page")
      return [Answer.text(of: problem, to: nil)]
    }
    do {
      return try tape.use { try answer(head, data) }
    } catch let error as PlaygroundError {
      return [Answer.text(of: error, to: head)]
    } catch {
      return [Answer.text(of: PlaygroundError("\(error)"), to: head)]
    }
  }

  private func answer(_ head: MessageHead, _ data: Data) throws -> [String] {
    let request = Request(head: head, data: data)
    let answers: [any Encodable]
    switch head.room {
    case "expression": answers = try expression.answer(request)
    case "network": answers = try network.answer(request)
    case "fit": answers = try fit.answer(request)
    default: throw PlaygroundError("there is no room “\(head.room)”: the rooms are expression, network and fit")
    }
    return try answers.map { try Answer.text(of: $0, to: head) }
  }
}
