// Which colour lies between two as the eye sees it? As CSS's color-mix(in oklab), for pictures that leave the browser.

// Ottosson 2020, "A perceptual color space for image processing".
const TO_LMS = [
  [0.4122214708, 0.5363325363, 0.0514459929],
  [0.2119034982, 0.6806995451, 0.1073969566],
  [0.0883024619, 0.2817188376, 0.6299787005],
];
const FROM_LMS = [
  [4.0767416621, -3.3077115913, 0.2309699292],
  [-1.2684380046, 2.6097574011, -0.3413193965],
  [-0.0041960863, -0.7034186147, 1.707614701],
];

/** share of a, the rest of b; all #rrggbb. Mixing cube roots of cone responses is mixing in Oklab, which is linear in them. */
export function mixOklab(a, b, share) {
  const [from, to] = [b, a].map((color) => times(TO_LMS, linear(color)).map(Math.cbrt));
  const mixed = from.map((value, i) => (value + share * (to[i] - value)) ** 3);
  return `#${times(FROM_LMS, mixed).map(hexadecimal).join("")}`;
}

function linear(color) {
  return [1, 3, 5].map((at) => {
    const value = Number.parseInt(color.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
}

function hexadecimal(value) {
  const gamma = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
  const byte = Math.round(255 * Math.min(1, Math.max(0, gamma)));
  return byte.toString(16).padStart(2, "0");
}

function times(matrix, vector) {
  return matrix.map((row) => row.reduce((sum, value, i) => sum + value * vector[i], 0));
}
