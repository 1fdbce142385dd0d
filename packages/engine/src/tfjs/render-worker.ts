// What a worker does for augmented training: renders batches, one a request.
import { type Augmentation, ImageRenderer, type ImageShape, renderImages, sizeOf } from '@gicho/core'

/** How images are rendered, as plain data. */
export interface RenderSettings {
  readonly shape: ImageShape
  readonly options: Pick<Augmentation, 'fillMode' | 'cval' | 'brightnessMode'>
  /** What each of the 256 bytes means. */
  readonly byteValues: Float32Array
}

/** One batch: row i of the draws, [rows, DRAW_NUMBERS], is applied to image `rows[i]`. */
export interface BatchToRender {
  readonly images: Uint8Array
  readonly rows: Uint32Array
  readonly draws: Float64Array
}

/** Host to worker. */
export type RenderRequest =
  | { readonly type: 'start'; readonly settings: RenderSettings }
  | { readonly type: 'render'; readonly batch: BatchToRender }

/** Worker to host. */
export type RenderAnswer =
  | { readonly type: 'started' }
  /** [rows, height, width, channels] */
  | { readonly type: 'pixels'; readonly pixels: Float32Array<ArrayBuffer> }

/** Renders batches by core's reference: [rows, height, width, channels] in a new array. */
export function batchRenderer(settings: RenderSettings): (batch: BatchToRender) => Float32Array<ArrayBuffer> {
  const { shape, options, byteValues } = settings
  const renderer = new ImageRenderer(shape, options, byteValues)
  return ({ images, rows, draws }) => renderImages(renderer, sizeOf(shape), images, rows, draws)
}

/** Answers requests one after another. */
export function answerRenderRequests(): (request: RenderRequest) => RenderAnswer {
  let render: (batch: BatchToRender) => Float32Array<ArrayBuffer> = () => {
    throw new Error('it was asked for a batch before it was started')
  }
  return (request) => {
    if (request.type === 'render') return { type: 'pixels', pixels: render(request.batch) }
    render = batchRenderer(request.settings)
    return { type: 'started' }
  }
}
