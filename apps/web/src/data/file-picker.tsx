import { useSignal } from '@preact/signals'
import type { ComponentChildren, JSX } from 'preact'
import { droppedFiles } from './dropped-files.ts'

/** A button that takes files, which may also be dropped on it. */
export function FilePicker(props: {
  label: string
  accept: string
  onFiles: (files: readonly File[]) => void
  children?: ComponentChildren
}): JSX.Element {
  const { label, accept, onFiles, children } = props
  const isOver = useSignal(false)
  const over = (event: Event, value: boolean): void => {
    event.preventDefault()
    isOver.value = value
  }
  return (
    <label
      class="file-picker"
      data-over={isOver.value}
      onDragOver={(event) => over(event, true)}
      onDragLeave={(event) => over(event, false)}
      onDrop={(event) => {
        over(event, false)
        void droppedFiles(event.dataTransfer).then((files) => take(files, onFiles))
      }}
    >
      <input
        type="file"
        class="hidden"
        multiple
        accept={accept}
        onChange={({ currentTarget }) => {
          take(currentTarget.files, onFiles)
          currentTarget.value = '' // the same file may be chosen again
        }}
      />
      <span class="button">{label}</span> {children && <span class="faint">{children}</span>}
    </label>
  )
}

function take(files: Iterable<File> | null, onFiles: (files: readonly File[]) => void): void {
  const all = [...(files ?? [])]
  if (all.length > 0) onFiles(all)
}
