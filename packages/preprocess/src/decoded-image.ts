import type { Orientation } from './exif-orientation.ts'
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
  /** How the file's Exif says that the pixels lie; 1 is upright. `turnUpright` turns them. */
  readonly orientation: Orientation
}
