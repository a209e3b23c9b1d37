#if canImport(_Differentiation)
  import _Differentiation

  // The simulation of MicrogradBenchWorkloads' Building, written with structures as its users write it.

  struct Tube: Differentiable {
    var spacing, diameter, thickness, resistivity: Double
  }

  struct Slab: Differentiable {
    var temperature, area, capacity, density, thickness: Double
  }

  struct Water: Differentiable {
    var power, temperature, flow, density, capacity: Double
  }

  struct Tank: Differentiable {
    var temperature, volume, capacity, density, mass: Double
  }

  struct Building: Differentiable {
    var tube: Tube
    var slab: Slab
    var water: Water
    var tank: Tank

    /// In the order of MicrogradBenchWorkloads' Building.
    init(_ x: [Double]) {
      tube = Tube(spacing: x[0], diameter: x[1], thickness: x[2], resistivity: x[3])
      slab = Slab(temperature: x[4], area: x[5], capacity: x[6], density: x[7], thickness: x[8])
      water = Water(power: x[9], temperature: x[10], flow: x[11], density: x[12], capacity: x[13])
      tank = Tank(temperature: x[14], volume: x[15], capacity: x[16], density: x[17], mass: x[18])
    }
  }

  /// The derivatives in the same order.
  func list(_ x: Building.TangentVector) -> [Double] {
    let (tube, slab, water, tank) = (x.tube, x.slab, x.water, x.tank)
    return [
      tube.spacing, tube.diameter, tube.thickness, tube.resistivity, slab.temperature, slab.area, slab.capacity,
      slab.density, slab.thickness, water.power, water.temperature, water.flow, water.density, water.capacity,
      tank.temperature, tank.volume, tank.capacity, tank.density, tank.mass,
    ]
  }

  struct TankAndWater: Differentiable {
    var tank: Tank
    var water: Water
  }

  struct WaterAndPower: Differentiable {
    var water: Water
    var power: Double
  }

  private let step = 0.1

  @differentiable(reverse)
  private func heated(_ water: Water) -> Water {
    let mass = water.flow * step * water.density
    var heated = water
    heated.temperature += water.power * step / water.capacity / mass
    heated.power = 0
    return heated
  }

  @differentiable(reverse)
  private func exchange(_ tank: Tank, _ water: Water) -> TankAndWater {
    let power = (tank.temperature - water.temperature) * (water.flow * water.density) * water.capacity
    var (tank, water) = (tank, water)
    water.power = power
    tank.temperature += power * step / tank.capacity / (tank.volume * tank.density)
    return TankAndWater(tank: tank, water: water)
  }

  @differentiable(reverse)
  private func load(_ slab: Slab, _ tube: Tube, _ water: Water) -> WaterAndPower {
    let surface = slab.area / tube.spacing * Double.pi * tube.diameter
    let resistance = tube.resistivity * tube.thickness / surface * 10
    let power = (slab.temperature - water.temperature) * (1 / resistance)
    var loaded = water
    loaded.power = power
    return WaterAndPower(water: loaded, power: -power)
  }

  @differentiable(reverse)
  private func warmed(_ slab: Slab, by power: Double) -> Slab {
    var warmed = slab
    warmed.temperature += power * step / slab.capacity / (slab.area * slab.thickness * slab.density)
    return warmed
  }

  @differentiable(reverse)
  func temperatureError(_ building: Building) -> Double {
    var (slab, water, tank) = (building.slab, building.water, building.tank)
    for _ in 0..<20 {
      let exchanged = exchange(tank, water)
      tank = exchanged.tank
      let loaded = load(slab, building.tube, heated(exchanged.water))
      water = heated(loaded.water)
      slab = warmed(slab, by: loaded.power)
    }
    let error = slab.temperature - 27.344767
    return error < 0 ? -error : error
  }
#endif
