import { useEffect, useRef, useState } from "preact/hooks";
import { session } from "../api/session";
import { useResource } from "../app/useResource";
import { parseExposition } from "./exposition";
import { type Reading, readingOf } from "./reading";
import { type Traffic, trafficBetween } from "./traffic";

const periodMs = 2000;
const keptReadings = 151;
/** Over so many readings the figures and shares are taken: half a minute. */
const windowReadings = 15;
/** Over so many a point of the curves: latencies of single calls would make them jump. */
const pointReadings = 3;

export interface LiveTraffic {
  points: Traffic[];
  window: Traffic | null;
  error: unknown;
  reload(): void;
}

/** Reads the metrics every two seconds while the page is open, and keeps five minutes of them. */
export function useTraffic(): LiveTraffic {
  const kept = useRef<Reading[]>([]);
  const points = useRef<Traffic[]>([]);
  const [, redraw] = useState(0);
  const scrape = useResource(readMetrics, [], periodMs);
  useEffect(() => {
    if (!scrape.data) return;
    const readings = (kept.current = [...kept.current, scrape.data].slice(-keptReadings));
    if (readings.length > 1) points.current = [...points.current, trafficBetween(readings.at(-1)!, readings.at(-1 - Math.min(pointReadings, readings.length - 1))!)].slice(-keptReadings);
    redraw((turn) => turn + 1);
  }, [scrape.data]);
  const readings = kept.current;
  return {
    points: points.current,
    window: readings.length > 1 ? trafficBetween(readings.at(-1)!, readings.at(-1 - Math.min(windowReadings, readings.length - 1))!) : null,
    error: scrape.error,
    reload: scrape.reload,
  };
}

async function readMetrics(signal: AbortSignal): Promise<Reading> {
  const response = await fetch("/metrics", { headers: { authorization: `Bearer ${session.current!.key}` }, signal });
  if (response.status === 401) throw new Error("The metrics are open to the operator's and the services' key alone.");
  if (!response.ok) throw new Error(`The metrics were answered with HTTP ${response.status}.`);
  return readingOf(parseExposition(await response.text()), Date.now() / 1000);
}
