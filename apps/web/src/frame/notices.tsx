import type { JSX } from 'preact'
import { say } from '../state/language.ts'
import { dismiss, type Notice, notices } from '../state/notices.ts'

/** What went wrong and what to do about it; what went well. */
export function Notices(): JSX.Element {
  return (
    <div class="notices" role="status" aria-live="polite">
      {notices.value.map((notice) => (
        <NoticeCard key={notice.text + notice.detail} notice={notice} onDismiss={() => dismiss(notice)} />
      ))}
    </div>
  )
}

/** One such sentence. */
export function NoticeCard({ notice, onDismiss }: { notice: Notice; onDismiss?: () => void }): JSX.Element {
  const { dismiss: close, details } = say.value.trouble
  return (
    <div class="notice" data-kind={notice.kind}>
      <p>{notice.text}</p>
      {notice.detail && (
        <details>
          <summary>{details}</summary>
          <p lang="en">{notice.detail}</p>
        </details>
      )}
      {notice.action && (
        <button type="button" onClick={notice.action.run}>
          {notice.action.label}
        </button>
      )}
      {onDismiss && (
        <button type="button" class="quiet" onClick={onDismiss}>
          {close}
        </button>
      )}
    </div>
  )
}
