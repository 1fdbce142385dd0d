/** Sides of the pad in its own pixels: ten for each of the network's. */
export const SIDE = 280
/** As thick as MNIST's strokes are, once the drawing is framed. */
const THICKNESS = 22
/** What an arrow key moves the pen. */
const STRIDE = 10

/** A pen on a canvas, moved by pointer or keyboard. */
export class Pen {
  readonly #canvas: HTMLCanvasElement
  readonly #context: CanvasRenderingContext2D | null
  readonly #onInk: () => void
  readonly #ends = new AbortController()
  #place = { x: SIDE / 2, y: SIDE / 2 }
  #isDown = false

  /** @param onInk called whenever the drawing has changed */
  constructor(canvas: HTMLCanvasElement, onInk: () => void) {
    this.#canvas = canvas
    this.#onInk = onInk
    this.#context = canvas.getContext('2d', { willReadFrequently: true })
    const { signal } = this.#ends
    canvas.addEventListener('pointerdown', (event) => this.#press(event), { signal })
    canvas.addEventListener('pointermove', (event) => this.#drag(event), { signal })
    canvas.addEventListener('pointerup', () => this.#lift(), { signal })
    canvas.addEventListener('pointercancel', () => this.#lift(), { signal })
    canvas.addEventListener('keydown', (event) => this.#key(event), { signal })
    this.clear()
  }

  clear(): void {
    this.#isDown = false
    if (this.#context) {
      this.#context.fillStyle = '#000'
      this.#context.fillRect(0, 0, SIDE, SIDE)
    }
    this.#onInk()
  }

  /** [SIDE, SIDE] bytes, 255 is ink. */
  ink(): Uint8Array {
    const rgba = this.#context?.getImageData(0, 0, SIDE, SIDE).data
    return Uint8Array.from({ length: SIDE * SIDE }, (_, i) => rgba?.[i * 4] ?? 0)
  }

  dispose(): void {
    this.#ends.abort()
  }

  #press(event: PointerEvent): void {
    event.preventDefault()
    this.#canvas.focus()
    this.#canvas.setPointerCapture(event.pointerId)
    this.#isDown = true
    this.#place = this.#placeOf(event)
    this.#lineTo(this.#place)
  }

  #drag(event: PointerEvent): void {
    if (!this.#isDown) return
    for (const each of event.getCoalescedEvents?.() ?? [event]) this.#lineTo(this.#placeOf(each))
  }

  #lift(): void {
    this.#isDown = false
  }

  #key(event: KeyboardEvent): void {
    const moves: Readonly<Record<string, readonly [number, number]>> = {
      ArrowLeft: [-STRIDE, 0],
      ArrowRight: [STRIDE, 0],
      ArrowUp: [0, -STRIDE],
      ArrowDown: [0, STRIDE],
    }
    const move = moves[event.key]
    if (event.key === ' ') this.#isDown = !this.#isDown
    else if (event.key === 'Delete' || event.key === 'Backspace') this.clear()
    else if (!move) return
    event.preventDefault()
    const within = (value: number): number => Math.min(SIDE, Math.max(0, value))
    const to = move ? { x: within(this.#place.x + move[0]), y: within(this.#place.y + move[1]) } : this.#place
    if (this.#isDown) this.#lineTo(to)
    this.#place = to
  }

  #placeOf(event: PointerEvent): { x: number; y: number } {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect()
    return { x: ((event.clientX - left) / width) * SIDE, y: ((event.clientY - top) / height) * SIDE }
  }

  #lineTo(to: { x: number; y: number }): void {
    const context = this.#context
    if (!context) return
    context.strokeStyle = '#fff'
    context.lineWidth = THICKNESS
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.beginPath()
    context.moveTo(this.#place.x, this.#place.y)
    context.lineTo(to.x, to.y)
    context.stroke()
    this.#place = to
    this.#onInk()
  }
}
