// Circular functions of mg_lane_math.h's kind.
#pragma once

#include "mg_lane_math.h"

// Below this the parts of pi / 2 leave no more than their last to be rounded.
#define LANE_CIRCLES 0x1p20

// sin r and cos r of x = r + k pi / 2, r between -pi / 4 and pi / 4; k in the last bits.
typedef struct {
  lane_sum sine, cosine;
  uint64_t k;
} lane_circle;

// |x| < LANE_CIRCLES
LANE lane_circle lane_circle_of(double x) {
  double shifted = x * 0x1.45f306dc9c883p-1 + LANE_ROUND, k = shifted - LANE_ROUND;
  double first = x - k * 0x1.921fb544p+0, part = k * 0x1.0b4611a6p-34, second = first - part;
  double second_rest = first - second - part, next = k * 0x1.3198a2ep-69, third = second - next;
  double rest = second - third - next + second_rest - k * 0x1.b839a252049c1p-104;
  double r = third + rest, r_rest = third - r + rest, z = r * r, half = 0.5 * z, most = 1 - half;
  double sine = r * z * (-0x1.555555555554bp-3 +
                         z * (0x1.111111110fb8bp-7 +
                              z * (-0x1.a01a019c62766p-13 +
                                   z * (0x1.71de35b3f99f9p-19 +
                                        z * (-0x1.ae5e8fe6b1507p-26 + z * 0x1.5d9de169589a3p-33)))));
  double cosine = z * z * (0x1.5555555555555p-5 +
                           z * (-0x1.6c16c16c16967p-10 +
                                z * (0x1.a01a019f4e9f7p-16 +
                                     z * (-0x1.27e4fa17c076bp-22 +
                                          z * (0x1.1eeb68cb4c486p-29 + z * -0x1.907d8bf27a69cp-37)))));
  return (lane_circle){
    {r, sine + r_rest}, {most, 1 - most - half + (cosine - r * r_rest)}, lane_bits(shifted)};
}

// The sine at so many quarters of the circle further on.
LANE double lane_circle_sine(lane_circle circle, uint64_t quarters) {
  uint64_t k = circle.k + quarters;
  double sine = circle.sine.value + circle.sine.rest, cosine = circle.cosine.value + circle.cosine.rest;
  return lane_number(lane_bits(k & 1 ? cosine : sine) ^ (k & 2) << 62);
}

// sin x, cos x and tan x, |x| < LANE_CIRCLES.
LANE double lane_sin(double x) { return fabs(x) < 0x1p-27 ? x : lane_circle_sine(lane_circle_of(x), 0); }
LANE double lane_cos(double x) { return lane_circle_sine(lane_circle_of(x), 1); }
LANE double lane_tan(double x) {
  lane_circle circle = lane_circle_of(x);
  bool turned = circle.k & 1;
  lane_sum sine = lane_sum_of(circle.sine.value, circle.sine.rest, 0);
  lane_sum cosine = lane_sum_of(circle.cosine.value, circle.cosine.rest, 0);
  double above = turned ? -cosine.value : sine.value, above_rest = turned ? -cosine.rest : sine.rest;
  double below = turned ? sine.value : cosine.value, below_rest = turned ? sine.rest : cosine.rest;
  double ratio = above / below;
  ratio += (above_rest - ratio * below_rest) / below;
  return fabs(x) < 0x1p-27 ? x : ratio;
}
