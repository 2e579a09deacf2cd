import { shortId } from "../api/names";
import { CacheTier } from "../gen/taskres/v1/types_pb";
import { milliseconds, percent } from "../ui/format";
import { Badge, Bar, Card, ErrorNote, Stat, Stats, type Tone } from "../ui/parts";
import { type Answer, type Pair } from "./answer";

const shownClasses = 6;

const tiers: Record<CacheTier, [string, Tone]> = {
  [CacheTier.UNSPECIFIED]: ["unknown", "plain"],
  [CacheTier.MEMORY]: ["memory", "good"],
  [CacheTier.REDIS]: ["Redis", "accent"],
  [CacheTier.ENCODER]: ["encoder", "warn"],
};

export function AnswerCard({ answer: { pairs, head, comparisonError } }: { answer: Answer }) {
  const best = pairs[0]!;
  const rows = pairs.slice(0, shownClasses);
  const baseBest = pairs.reduce((top: Pair | undefined, pair) => (pair.base !== null && pair.base > (top?.base ?? -1) ? pair : top), undefined);
  if (baseBest && !rows.includes(baseBest)) rows.push(baseBest);
  const baseName = head?.fromPrompts === false ? "Without the residual" : "Zero-shot";
  return (
    <Card title="Answer">
      <p class="verdict">
        <strong>{best.name}</strong> <span class="muted num">{percent(best.served)}</span>
      </p>
      {baseBest && (
        <p class="muted">
          {baseName}: {baseBest.name} {percent(baseBest.base)}
          {baseBest.name !== best.name && " – the residual changed the answer."}
        </p>
      )}
      <div class="key" aria-hidden="true">
        <span class="accent">TaskRes</span>
        {head && <span class="plain">{baseName}</span>}
      </div>
      <ul class="pairs">
        {rows.map((pair) => (
          <li key={pair.name} aria-label={`${pair.name}: TaskRes ${percent(pair.served)}${pair.base === null ? "" : `, ${baseName} ${percent(pair.base)}`}`}>
            <span class="bar-name">{pair.name}</span>
            <span class="pair">
              <span class="bar-cell">
                <Bar share={pair.served} />
                <span class="num">{percent(pair.served)}</span>
              </span>
              {pair.base !== null && (
                <span class="bar-cell">
                  <Bar share={pair.base} tone="plain" />
                  <span class="num muted">{percent(pair.base)}</span>
                </span>
              )}
            </span>
          </li>
        ))}
      </ul>
      {comparisonError !== null && (
        <>
          <p class="muted small">There is no comparison with zero-shot:</p>
          <ErrorNote error={comparisonError} />
        </>
      )}
    </Card>
  );
}

/** Where the answer came from, and where its time went. */
export function ServiceCard({ answer: { response, roundTripMs } }: { answer: Answer }) {
  const timings = response.timings;
  const [tier, tone] = tiers[response.tier];
  const total = Number(timings?.totalUs ?? 0n);
  const stages = [
    { name: "Cache", microseconds: Number(timings?.cacheUs ?? 0n) },
    { name: "Preprocess", microseconds: Number(timings?.preprocessUs ?? 0n) },
    { name: "Queue", microseconds: Number(timings?.queueUs ?? 0n) },
    { name: "Compute", microseconds: Number(timings?.computeUs ?? 0n) },
  ].filter(({ microseconds }) => microseconds > 0);
  return (
    <Card wide title="How it was answered">
      <Stats>
        <Stat label="Embedding from" value={<Badge tone={tone}>{tier}</Badge>} />
        <Stat label="In the service" value={milliseconds(total)} />
        <Stat label="Seen from here" value={milliseconds(roundTripMs * 1000)} />
        <Stat label="Batch" value={timings?.batchSize || "–"} hint={timings?.batchSize ? "images in the pass" : "no pass"} />
        <Stat label="Revision" value={<code>{shortId(response.revision)}</code>} />
      </Stats>
      {stages.length > 0 && (
        <ul class="bars">
          {stages.map(({ name, microseconds }) => (
            <li key={name}>
              <span class="bar-name">{name}</span>
              <Bar share={total > 0 ? microseconds / total : 0} />
              <span class="num">{milliseconds(microseconds)}</span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}
