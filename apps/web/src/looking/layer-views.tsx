import { formatShape, type Picture } from '@gicho/core'
import { useSignal } from '@preact/signals'
import type { JSX } from 'preact'
import { useEffect } from 'preact/hooks'
import { useEdges } from '../outputs/edges.ts'
import { PictureCanvas } from '../outputs/picture-canvas.tsx'
import { attempt, classroom } from '../state/classroom.ts'
import { formatShare } from '../state/format.ts'
import { say } from '../state/language.ts'
import { bestOf } from '../trying/reading-view.tsx'
import type { LayerView } from '../worker/looking.ts'
import type { ModelChoice, Reading } from '../worker/reading-room.ts'

type Followed = Reading & { readonly layers: readonly LayerView[]; readonly of: string }

/** A validation picture on its way through the layers, and what the first of them looks for. */
export function LayerViews({ choice }: { choice: ModelChoice }): JSX.Element {
  const words = say.value.looking
  const followed = useSignal<Followed | undefined>(undefined)
  const index = useSignal(0)
  const isBusy = useSignal(false)
  const key = `${choice.recipe} ${choice.number} ${choice.epoch ?? ''}`
  const follow = async (next: number): Promise<void> => {
    if (isBusy.value) return
    isBusy.value = true
    await attempt(async () => {
      const seen = await classroom().lookInside(choice, next)
      index.value = next
      followed.value = { ...seen, of: key }
    })
    isBusy.value = false
  }
  useEffect(() => {
    if (followed.value && followed.value.of !== key) void follow(index.value)
  }, [key, isBusy.value])
  const best = followed.value && bestOf(followed.value)
  const filters = followed.value?.layers[0]?.filters ?? []
  return (
    <div class="layers">
      <h3>{words.layers}</h3>
      <p class="faint">{words.layersNote}</p>
      <div class="run-line">
        <button type="button" disabled={isBusy.value} onClick={() => void follow(followed.value ? index.value + 1 : 0)}>
          {followed.value ? words.anotherPicture : words.look}
        </button>
        {followed.value?.seen && <PictureCanvas picture={followed.value.seen} colours="grey" />}
        {best && <span class="says">{say.value.trying.says(best.label, formatShare(best.probability))}</span>}
      </div>
      {filters.length > 0 && <Strip title={words.filters(filters.length)} pictures={filters} />}
      {followed.value?.layers.map(({ name, type, outputShape, maps }) => (
        <Strip
          key={name}
          title={`${type} ${formatShape(outputShape)}`}
          note={maps.length > 1 ? words.maps(maps.length) : ''}
          pictures={maps}
        />
      ))}
    </div>
  )
}

function Strip({
  title,
  note = '',
  pictures,
}: {
  title: string
  note?: string
  pictures: readonly Picture[]
}): JSX.Element {
  const ref = useEdges<HTMLElement>()
  const isRow = pictures.length === 1 && pictures[0]?.shape[0] === 1
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what can be scrolled must be reachable by keyboard
    <figure ref={ref} class="strip" data-row={isRow} tabIndex={0}>
      <figcaption>
        {title} <span class="faint">{note}</span>
      </figcaption>
      <div>
        {pictures.map((picture, i) => (
          <PictureCanvas key={i} picture={picture} colours="viridis" />
        ))}
      </div>
    </figure>
  )
}
