import { type ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { faultOf } from "../api/errors";
import { seconds } from "./format";
import { Icon } from "./icons";

export function PageHead({ title, about, back, children }: { title: string; about?: ComponentChildren; back?: { href: string; text: string }; children?: ComponentChildren }) {
  return (
    <header class="page-head">
      <div>
        {back && (
          <a class="back" href={back.href}>
            <Icon name="back" />
            {back.text}
          </a>
        )}
        <h1 tabIndex={-1}>{title}</h1>
        {about && <p class="muted">{about}</p>}
      </div>
      {children && <div class="actions">{children}</div>}
    </header>
  );
}

export function Card({ title, about, actions, children, wide }: { title?: string; about?: ComponentChildren; actions?: ComponentChildren; children: ComponentChildren; wide?: boolean }) {
  const id = useId();
  return (
    <section class={wide ? "card wide" : "card"} aria-labelledby={title ? id : undefined}>
      {title && (
        <div class="card-head">
          <div>
            <h2 id={id}>{title}</h2>
            {about && <p class="muted">{about}</p>}
          </div>
          {actions && <div class="actions">{actions}</div>}
        </div>
      )}
      {children}
    </section>
  );
}

export type Tone = "plain" | "good" | "warn" | "bad" | "accent";

export function Badge({ tone = "plain", children }: { tone?: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

export function Stat({ label, value, hint }: { label: string; value: ComponentChildren; hint?: ComponentChildren }) {
  return (
    <div class="stat">
      <dt>{label}</dt>
      <dd>{value}</dd>
      {hint && <dd class="hint">{hint}</dd>}
    </div>
  );
}

export const Stats = ({ children }: { children: ComponentChildren }) => <dl class="stats">{children}</dl>;

/** An error where it happened, in words, with its reason for those who look it up. */
export function ErrorNote({ error, retry }: { error: unknown; retry?: () => void }) {
  if (!error) return null;
  const { reason, message, retrySeconds } = faultOf(error);
  return (
    <div class="note bad" role="alert">
      <Icon name="warn" />
      <div>
        <p>{message}</p>
        {(reason || retrySeconds !== null) && (
          <p class="muted small">
            {reason && <code>{reason}</code>}
            {retrySeconds !== null && ` Ask again in ${seconds(retrySeconds)}.`}
          </p>
        )}
      </div>
      {retry && (
        <button type="button" class="small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}

export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children && <div class="muted">{children}</div>}
    </div>
  );
}

export function Loading({ lines = 3, what }: { lines?: number; what: string }) {
  return (
    <div class="loading" role="status" aria-label={`Loading ${what}`}>
      {Array.from({ length: lines }, (_, i) => (
        <span key={i} class="skeleton" />
      ))}
    </div>
  );
}

export function Progress({ label, done, of }: { label: string; done: number; of: number }) {
  const id = useId();
  return (
    <div class="progress">
      <div class="progress-text">
        <label for={id}>{label}</label>
        <span class="muted num">
          {done} / {of}
        </span>
      </div>
      <progress id={id} value={done} max={Math.max(of, 1)} />
    </div>
  );
}

/** A share as a thin bar; what it shows stands beside it in figures. */
export function Bar({ share, tone = "accent" }: { share: number; tone?: Tone }) {
  return (
    <span class="bar" aria-hidden="true">
      <span class={`fill ${tone}`} style={{ width: `${Math.max(0, Math.min(1, share)) * 100}%` }} />
    </span>
  );
}
