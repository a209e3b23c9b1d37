extension RosenbrockTableau {
  /// The method RODASP of order 4 with an embedded method of order 3 and a continuous solution of order 3.
  ///
  /// G. Steinebach, Order-reduction of ROW-methods for DAEs and method of lines applications, Preprint 1741, TH Darmstadt
  /// (1995); it is also in the program RODAS of E. Hairer and G. Wanner, Solving Ordinary Differential Equations II, section
  /// IV.7. It is L-stable and stiffly accurate: the last stage is the error estimate. It keeps its order for parabolic
  /// equations, such as heat in a rod, and its continuous solution is accurate for stiff states.
  public static let rodas4 = RosenbrockTableau(
    name: "RODASP 4(3)", order: 4, embeddedOrder: 3, gamma: 0.25,
    nodes: [0, 0.75, 0.21, 0.63, 1, 1],
    timeWeights: [0.25, -0.5, -0.023504, -0.0362, 0, 0],
    coefficients: [
      [],
      [3],
      [1.831036793486759, 0.4955183967433795],
      [2.304376582692669, -0.05249275245743001, -1.176798761832782],
      [-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401],
      [-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401, 1],
    ],
    couplings: [
      [],
      [-12],
      [-8.791795173947035, -2.207865586973518],
      [10.81793056857153, 6.780270611428266, 19.5348594464241],
      [34.19095006749676, 15.49671153725963, 54.7476087596413, 14.16005392148534],
      [34.62605830930532, 15.30084976114473, 56.99955578662667, 18.40807009793095, -5.714285714285717],
    ],
    weights: [-7.170454962423024, -4.741636671481785, -16.31002631330971, -1.062004044111401, 1, 1],
    errorWeights: [0, 0, 0, 0, 0, 1],
    interpolant: [
      [17.928312074662866, -23.460712479688917, -1.638054557396973, 0],
      [6.878494372136885, -12.357493024286545, 0.7373619806678748, 0],
      [12.18145676383655, -20.01356485790727, -8.47791821923899, 0],
      [-6.726025612705534, 21.656553056389333, -15.9925314877952, 0],
      [1, -1.882352941176471, 1.882352941176471, 0],
      [1, 0, 0, 0],
    ])
}
