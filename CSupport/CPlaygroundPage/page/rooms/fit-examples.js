// Tables and formulas to begin with.
export const examples = [
  {
    title: 'Tea that cools', formula: 'celsius ~ room + (start - room) * exp(-minutes / tau)',
    text: 'minutes,celsius\n0,88.6\n10,64.0\n20,49.0\n30,38.1\n40,32.4\n50,28.1\n60,25.0',
  },
  {
    title: 'Enzyme (Michaelis–Menten)', formula: 'rate ~ vmax * conc / (km + conc)',
    text: 'conc,rate\n0.02,76\n0.02,47\n0.06,97\n0.06,107\n0.11,123\n0.11,139\n0.22,159\n0.22,152\n0.56,191\n0.56,201\n1.1,207\n1.1,200',
  },
  {
    title: 'Resonance (hertz, nanometres)', formula: 'metres ~ A / (1 + ((hertz - f0) / width)**2) + ground',
    text: 'hertz,metres\n99520,3.26e-10\n99560,3.04e-10\n99600,3.81e-10\n99640,3.5e-10\n99680,3.9e-10\n99720,4.74e-10\n99760,5.35e-10\n99800,6.6e-10\n99840,8.1e-10\n99880,1.04e-09\n99920,1.38e-09\n99960,1.92e-09\n100000,2.4e-09\n100040,2.59e-09\n100080,2.16e-09\n100120,1.63e-09\n100160,1.23e-09\n100200,9.26e-10\n100240,7.6e-10\n100280,5.64e-10\n100320,4.9e-10\n100360,4.07e-10\n100400,3.35e-10\n100440,3.52e-10\n100480,3.48e-10',
  },
  {
    title: 'Trees (two columns)', formula: 'volume ~ k * girth**p * height**q',
    text: 'girth height volume\n8.3 70 10.3\n8.6 65 10.3\n8.8 63 10.2\n10.5 72 16.4\n10.7 81 18.8\n10.8 83 19.7\n11 66 15.6\n11 75 18.2\n11.1 80 22.6\n11.2 75 19.9\n11.3 79 24.2\n11.4 76 21\n11.4 76 21.4\n11.7 69 21.3\n12 75 19.1\n12.9 74 22.2\n12.9 85 33.8\n13.3 86 27.4\n13.7 71 25.7\n13.8 64 24.9\n14 78 34.5\n14.2 80 31.7\n14.5 74 36.3\n16 72 38.3\n16.3 77 42.6\n17.3 81 55.4\n17.5 82 55.7\n17.9 80 58.3\n18 80 51.5\n18 80 51\n20.6 87 77',
  },
];
