/** matplotlib's viridis (S. van der Walt, N. Smith) at every sixteenth grey; between them it is nearly straight. */
const stops = [
  [68, 1, 84],
  [72, 26, 108],
  [71, 47, 125],
  [65, 68, 135],
  [57, 86, 140],
  [49, 104, 142],
  [42, 120, 142],
  [35, 136, 142],
  [31, 152, 139],
  [34, 168, 132],
  [53, 183, 121],
  [84, 197, 104],
  [122, 209, 81],
  [165, 219, 54],
  [210, 226, 27],
  [253, 231, 37],
] as const

/** The colour of a grey, 0..255. */
export function viridis(grey: number): [red: number, green: number, blue: number] {
  const place = (grey / 255) * (stops.length - 1)
  const low = stops[Math.floor(place)] ?? stops[0]
  const high = stops[Math.ceil(place)] ?? low
  const share = place - Math.floor(place)
  const mixed = (i: 0 | 1 | 2): number => low[i] + (high[i] - low[i]) * share
  return [mixed(0), mixed(1), mixed(2)]
}
