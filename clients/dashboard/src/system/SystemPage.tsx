import { clients } from "../api/clients";
import { session } from "../api/session";
import { useResource } from "../app/useResource";
import { Chart, type Line } from "../ui/Chart";
import { count, percent, seconds } from "../ui/format";
import { Bar, Card, Empty, ErrorNote, Loading, PageHead, Stat, Stats, type Tone } from "../ui/parts";
import { HealthCard } from "./HealthCard";
import { type Traffic } from "./traffic";
import { useTraffic } from "./useTraffic";

/** What the services do now: from their metrics, read and added up here. */
export function SystemPage() {
  if (!session.current!.operates)
    return (
      <Card>
        <Empty title="The metrics are the operator's">Sign in with the operator's key to see them.</Empty>
      </Card>
    );
  return <Live />;
}

function Live() {
  const { points, window, error, reload } = useTraffic();
  const model = useResource(async (signal) => (await clients().encoder.getModel({}, { signal })).model!, []);
  return (
    <>
      <PageHead title="System" about={model.data ? `${model.data.name}: ${model.data.architecture}, ${model.data.precision} on ${model.data.device}` : "The last five minutes, every two seconds."} />
      <ErrorNote error={error} retry={reload} />
      {!window ? (
        !error && <Loading lines={6} what="the metrics" />
      ) : (
        <div class="grid">
          <Card wide title="Now" about="Over the last half minute.">
            <Stats>
              <Stat label="Requests" value={`${rate(window.requestsPerSecond)} /s`} hint={window.errorsPerSecond > 0 ? `${rate(window.errorsPerSecond)} /s refused or failed` : "none failed"} />
              <Stat label="p50" value={window.p50 === null ? "–" : seconds(window.p50)} />
              <Stat label="p99" value={window.p99 === null ? "–" : seconds(window.p99)} />
              <Stat label="Batch" value={window.batch === null ? "–" : window.batch.toFixed(1)} hint="items a pass" />
              <Stat label="Queue" value={count(window.queue)} hint="items waiting" />
              <Stat label="Cache hits" value={percent(hits(window))} />
              <Stat label="Over quota" value={count(window.refusals)} hint="calls refused" />
            </Stats>
          </Card>
          <Curve title="Requests a second" points={points} format={rate} lines={[[{ label: "all", colour: "--accent", fill: true }, (point) => point.requestsPerSecond], [{ label: "failed", colour: "--bad" }, (point) => point.errorsPerSecond]]} atLeast={1} />
          <Curve title="Latency" points={points} format={seconds} lines={[[{ label: "p50", colour: "--accent" }, (point) => point.p50], [{ label: "p99", colour: "--warn" }, (point) => point.p99]]} atLeast={0.001} />
          <Curve title="Batch and queue" points={points} format={(value) => value.toFixed(value < 10 ? 1 : 0)} lines={[[{ label: "items a pass", colour: "--accent" }, (point) => point.batch], [{ label: "queue", colour: "--warn" }, (point) => point.queue]]} atLeast={4} />
          <Shares title="Embeddings by tier" about="Where they came from, over the last half minute." shares={window.byTier} tones={{ memory: "good", redis: "accent", encoder: "warn", failed: "bad" }} />
          <Shares title="Tenants" about="Their shares of the embeddings, over the last half minute." shares={window.byTenant} />
          <HealthCard />
          <Methods traffic={window} />
        </div>
      )}
    </>
  );
}

function Curve({ title, points, format, lines, atLeast }: { title: string; points: Traffic[]; format: (value: number) => string; lines: [Line, (point: Traffic) => number | null][]; atLeast: number }) {
  const last = points.at(-1);
  const said = lines.map(([{ label }, value]) => `${label} ${last && value(last) !== null ? format(value(last)!) : "none"}`).join(", ");
  return (
    <Card title={title}>
      <Chart time label={`${title}: now ${said}`} data={[points.map(({ at }) => at), ...lines.map(([, value]) => points.map(value))]} lines={lines.map(([line]) => line)} format={format} atLeast={atLeast} />
    </Card>
  );
}

function Shares({ title, about, shares, tones }: { title: string; about: string; shares: Record<string, number>; tones?: Record<string, Tone> }) {
  const all = Object.values(shares).reduce((sum, value) => sum + value, 0);
  const rows = Object.entries(shares).sort(([, a], [, b]) => b - a);
  return (
    <Card title={title} about={about}>
      {rows.length === 0 ? (
        <Empty title="Nothing was embedded" />
      ) : (
        <ul class="bars">
          {rows.map(([name, value]) => (
            <li key={name}>
              <span class="bar-name">{name}</span>
              <Bar share={value / all} tone={tones?.[name]} />
              <span class="num">
                {percent(value / all, 0)} <span class="muted">({count(value)})</span>
              </span>
            </li>
          ))}
        </ul>
      )}
    </Card>
  );
}

function Methods({ traffic: { byMethod } }: { traffic: Traffic }) {
  return (
    <Card wide title="By call">
      {byMethod.length === 0 ? (
        <Empty title="Nobody calls" />
      ) : (
        <div class="table">
          <table>
            <thead>
              <tr>
                <th scope="col">Call</th>
                <th scope="col" class="num">
                  a second
                </th>
                <th scope="col" class="num">
                  failed
                </th>
                <th scope="col" class="num">
                  p50
                </th>
                <th scope="col" class="num">
                  p99
                </th>
              </tr>
            </thead>
            <tbody>
              {[...byMethod]
                .sort((a, b) => b.requestsPerSecond - a.requestsPerSecond)
                .map((row) => (
                  <tr key={row.method}>
                    <th scope="row">{row.method}</th>
                    <td class="num">{rate(row.requestsPerSecond)}</td>
                    <td class="num">{row.errorsPerSecond > 0 ? rate(row.errorsPerSecond) : "–"}</td>
                    <td class="num">{row.p50 === null ? "–" : seconds(row.p50)}</td>
                    <td class="num">{row.p99 === null ? "–" : seconds(row.p99)}</td>
                  </tr>
                ))}
            </tbody>
          </table>
        </div>
      )}
    </Card>
  );
}

const rate = (value: number) => (value >= 100 ? count(value) : value >= 10 ? value.toFixed(1) : value.toFixed(2));

function hits({ byTier }: Traffic): number | null {
  const hit = (byTier.memory ?? 0) + (byTier.redis ?? 0);
  const all = hit + (byTier.encoder ?? 0);
  return all === 0 ? null : hit / all;
}
