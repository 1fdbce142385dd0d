import type { Picture } from '@gicho/core'
import type { JSX } from 'preact'
import { useEffect, useRef } from 'preact/hooks'
import { viridis } from './viridis.ts'

/** One picture, a canvas pixel a pixel; style sheets make it large. */
export function PictureCanvas({ picture, colours }: { picture: Picture; colours: 'grey' | 'viridis' }): JSX.Element {
  const canvas = useRef<HTMLCanvasElement>(null)
  const [height, width] = picture.shape
  useEffect(() => {
    canvas.current?.getContext('2d')?.putImageData(new ImageData(rgba(picture, colours), width, height), 0, 0)
  }, [picture, colours, width, height])
  return <canvas ref={canvas} class="picture" width={width} height={height} role="img" aria-label={picture.title} />
}

function rgba({ pixels, shape }: Picture, colours: 'grey' | 'viridis'): Uint8ClampedArray<ArrayBuffer> {
  const [height, width, channels] = shape
  const bytes = new Uint8ClampedArray(height * width * 4)
  for (let i = 0; i < height * width; i++) {
    const red = pixels[i * channels] ?? 0
    const grey = channels < 3
    const green = grey ? red : (pixels[i * channels + 1] ?? 0)
    const blue = grey ? red : (pixels[i * channels + 2] ?? 0)
    bytes.set(grey && colours === 'viridis' ? viridis(red) : [red, green, blue], i * 4)
    bytes[i * 4 + 3] = 255
  }
  return bytes
}
