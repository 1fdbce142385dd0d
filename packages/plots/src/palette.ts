/* Colours and letters of all drawings. Blue and vermilion are Okabe and Ito's, which everybody can tell apart. */

export const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Noto Sans KR', sans-serif"
/** Of all but titles, in pixels. */
export const FONT_SIZE = 12

export const colours = {
  paper: '#ffffff',
  ink: '#1f2328',
  faint: '#59636e',
  grid: '#d1d9e0',
  empty: '#f3f4f6',
  train: '#0072b2',
  validation: '#d55e00',
  band: '#009e73',
} as const
