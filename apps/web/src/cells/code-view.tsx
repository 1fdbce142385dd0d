import type { JSX } from 'preact'
import type { CodeFile } from '../lesson-text.ts'
import { Scroll } from '../outputs/scroll.tsx'
import { say } from '../state/language.ts'

/** A step's code, and folded away below it the functions that it calls. */
export function CodeView({ code, helpers }: { code: CodeFile; helpers: readonly CodeFile[] }): JSX.Element {
  const words = say.value.cell
  return (
    <div class="code">
      <Source code={code} label={words.code} />
      {helpers.length > 0 && (
        <details>
          <summary>{words.shared}</summary>
          {helpers.map((helper) => (
            <div key={helper.file}>
              <p class="file">{helper.file}</p>
              <Source code={helper} label={helper.file} />
            </div>
          ))}
        </details>
      )}
    </div>
  )
}

function Source({ code, label }: { code: CodeFile; label: string }): JSX.Element {
  return (
    <Scroll label={`${label}: ${code.file}`}>
      <pre>
        <code dangerouslySetInnerHTML={{ __html: code.html }} />
      </pre>
    </Scroll>
  )
}
