import type { ImageFormat } from './image-kind.ts'

/** An image file's pixels. */
export interface DecodedImage {
  /** [height, width, channels] bytes, row-major; alpha isn't multiplied into the colours. */
  readonly pixels: Uint8Array
  readonly width: number
  readonly height: number
  /** 1 grey, 2 grey and alpha, 3 RGB, 4 RGBA. */
  readonly channels: 1 | 2 | 3 | 4
  readonly format: ImageFormat
}
