import type { Picture } from '@gicho/core'
import type { JSX } from 'preact'
import { say } from '../state/language.ts'
import { PictureCanvas } from './picture-canvas.tsx'

/** Pictures in rows under their titles, pixels kept sharp. */
export function PictureGrid(props: {
  title: string
  columns: number
  pictures: readonly Picture[]
  colours: 'grey' | 'viridis'
}): JSX.Element {
  const { title, columns, pictures, colours } = props
  const size = columns === 1 ? 'large' : columns <= 8 ? 'middle' : 'small'
  return (
    <figure class="pictures" data-size={size}>
      <figcaption>
        {title}
        {pictures.length > 1 && <span class="faint"> {say.value.output.pictures(pictures.length)}</span>}
      </figcaption>
      <div class="grid">
        {pictures.map((picture, i) => (
          <figure key={i}>
            <PictureCanvas picture={picture} colours={colours} />
            <figcaption>{picture.title}</figcaption>
          </figure>
        ))}
      </div>
    </figure>
  )
}
