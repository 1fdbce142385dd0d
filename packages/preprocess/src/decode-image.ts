import { GichoError, messageOf } from '@gicho/core'
import type { DecodedImage } from './decoded-image.ts'
import { damaged, readImageHeader } from './image-header.ts'
import { withoutExif } from './without-exif.ts'

/**
 * Decodes a PNG, JPEG or WebP image with the browser's own decoder, to the pixels as they are stored: no colour profile
 * is applied, the image isn't turned by its Exif part (its `orientation` says how; `turnUpright` does it), and alpha isn't
 * multiplied into the colours.
 *
 * Chromium gives the very bytes that Pillow and this function in Node give. JPEGs may differ by a level or two in a
 * browser whose decoder isn't libjpeg's. Of 16 bits a value, the browser's rounding to 8 counts.
 *
 * @param bytes the whole file; its format is recognised by its content
 * @param where names the image in error messages
 * @returns RGBA
 * @throws GichoError what `readImageHeader` throws; `bad-data` for what the browser can't decode; `unavailable` where
 *   there is no createImageBitmap or canvas
 *
 * @example
 * const image = await decodeImage(new Uint8Array(await file.arrayBuffer()), file.name)
 */
export async function decodeImage(bytes: Uint8Array, where = 'image'): Promise<DecodedImage> {
  const { format, width, height, orientation } = readImageHeader(bytes, where)
  const blob = new Blob([Uint8Array.from(withoutExif(bytes, format))], { type: `image/${format}` })
  const bitmap = await createImageBitmap(blob, { colorSpaceConversion: 'none', premultiplyAlpha: 'none' }).catch(
    (cause: unknown) => {
      throw damaged(format, where, messageOf(cause), cause)
    },
  )
  try {
    if (bitmap.width !== width || bitmap.height !== height) {
      throw damaged(format, where, `it says ${width}x${height} and holds ${bitmap.width}x${bitmap.height} pixels`)
    }
    return { pixels: readWithWebGl(bitmap) ?? readWithCanvas(bitmap), width, height, channels: 4, format, orientation }
  } finally {
    bitmap.close()
  }
}

/** The bitmap's own bytes: a texture doesn't multiply alpha in. Undefined where the browser has no WebGL for this size. */
function readWithWebGl(bitmap: ImageBitmap): Uint8Array | undefined {
  const gl = new OffscreenCanvas(1, 1).getContext('webgl2')
  if (gl === null) return undefined
  const { width, height } = bitmap
  if (Math.max(width, height) > Number(gl.getParameter(gl.MAX_TEXTURE_SIZE))) return undefined
  gl.bindTexture(gl.TEXTURE_2D, gl.createTexture())
  gl.texImage2D(gl.TEXTURE_2D, 0, gl.RGBA, gl.RGBA, gl.UNSIGNED_BYTE, bitmap)
  gl.bindFramebuffer(gl.FRAMEBUFFER, gl.createFramebuffer())
  gl.framebufferTexture2D(
    gl.FRAMEBUFFER,
    gl.COLOR_ATTACHMENT0,
    gl.TEXTURE_2D,
    gl.getParameter(gl.TEXTURE_BINDING_2D),
    0,
  )
  const pixels = new Uint8Array(width * height * 4)
  gl.readPixels(0, 0, width, height, gl.RGBA, gl.UNSIGNED_BYTE, pixels)
  const failed = gl.getError() !== gl.NO_ERROR
  gl.getExtension('WEBGL_lose_context')?.loseContext() // browsers keep only some sixteen contexts
  return failed ? undefined : pixels
}

/** Exact for opaque pixels; a canvas keeps others with their alpha multiplied in, and loses their last bits. */
function readWithCanvas(bitmap: ImageBitmap): Uint8Array {
  const { width, height } = bitmap
  const context = new OffscreenCanvas(width, height).getContext('2d')
  if (context === null) {
    throw new GichoError(
      'unavailable',
      `decodeImage: expected a canvas of ${width}x${height} to read the pixels from, the browser gave none. Try a smaller image.`,
    )
  }
  context.drawImage(bitmap, 0, 0)
  return new Uint8Array(context.getImageData(0, 0, width, height).data.buffer)
}
