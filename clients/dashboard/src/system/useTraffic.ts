import { useEffect, useState } from "preact/hooks";
import { session } from "../api/session";
import { useResource } from "../app/useResource";
import { parseExposition } from "./exposition";
import { type Reading, readingOf } from "./reading";
import { type Traffic, trafficBetween } from "./traffic";

const periodMs = 2000;
const keptReadings = 151;
/** Over so long the figures and shares are taken. */
const windowSeconds = 30;
/** Over so long a point of the curves: latencies of single calls would make them jump. */
const pointSeconds = 6;

export interface LiveTraffic {
  points: Traffic[];
  window: Traffic | null;
  error: unknown;
  reload(): void;
}

// Kept while other pages are looked at.
let kept: { key: string; readings: Reading[]; points: Traffic[] } = { key: "", readings: [], points: [] };

session.subscribe(() => {
  if (session.current?.key !== kept.key) kept = { key: session.current?.key ?? "", readings: [], points: [] };
});

/** Reads the metrics every two seconds while the page is open, and keeps five minutes of them. */
export function useTraffic(): LiveTraffic {
  const [, redraw] = useState(0);
  const scrape = useResource(readMetrics, [], periodMs);
  useEffect(() => {
    if (!scrape.data) return;
    const readings = [...kept.readings, scrape.data].slice(-keptReadings);
    const points = readings.length > 1 ? [...kept.points, overTheLast(pointSeconds, readings)].slice(-keptReadings) : kept.points;
    kept = { ...kept, readings, points };
    redraw((turn) => turn + 1);
  }, [scrape.data]);
  const { readings, points } = kept;
  return { points, window: readings.length > 1 ? overTheLast(windowSeconds, readings) : null, error: scrape.error, reload: scrape.reload };
}

function overTheLast(seconds: number, readings: Reading[]): Traffic {
  const now = readings.at(-1)!;
  return trafficBetween(now, readings.slice(0, -1).find(({ at }) => at >= now.at - seconds - 1) ?? readings.at(-2)!);
}

async function readMetrics(signal: AbortSignal): Promise<Reading> {
  const response = await fetch("/metrics", { headers: { authorization: `Bearer ${session.current!.key}` }, signal });
  if (response.status === 401) throw new Error("The metrics are open to the operator's and the services' key alone.");
  if (!response.ok) throw new Error(`The metrics were answered with HTTP ${response.status}.`);
  return readingOf(parseExposition(await response.text()), Date.now() / 1000);
}
