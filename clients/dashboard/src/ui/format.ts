import { type Duration, type Timestamp, timestampDate } from "@bufbuild/protobuf/wkt";

const moment = new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" });
const relative = new Intl.RelativeTimeFormat(undefined, { numeric: "auto", style: "narrow" });
const compact = new Intl.NumberFormat("en", { notation: "compact", maximumFractionDigits: 1 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

const units: [Intl.RelativeTimeFormatUnit, number][] = [["day", 86_400], ["hour", 3_600], ["minute", 60], ["second", 1]];

export const fullMoment = (time: Timestamp | undefined) => (time ? moment.format(timestampDate(time)) : "–");

export function ago(time: Timestamp | undefined): string {
  if (!time) return "–";
  const seconds = (timestampDate(time).getTime() - Date.now()) / 1000;
  const [unit, length] = units.find(([, size]) => Math.abs(seconds) >= size) ?? ["second", 1];
  return relative.format(Math.round(seconds / length), unit);
}

export const percent = (share: number | null | undefined, digits = 1) =>
  share === null || share === undefined || Number.isNaN(share) ? "–" : `${(share * 100).toFixed(digits)} %`;

export const count = (value: number) => (value < 10_000 ? whole.format(value) : compact.format(value));

/** Every digit, where a limit is told. */
export const exact = (value: number) => whole.format(value);

export const plural = (value: number, one: string, many = `${one}s`) => `${count(value)} ${value === 1 ? one : many}`;

export function milliseconds(microseconds: number | bigint): string {
  const ms = Number(microseconds) / 1000;
  return ms >= 100 ? `${ms.toFixed(0)} ms` : ms >= 10 ? `${ms.toFixed(1)} ms` : `${ms.toFixed(2)} ms`;
}

export function seconds(value: number): string {
  if (!Number.isFinite(value)) return "–";
  if (value < 0.001) return `${(value * 1e6).toFixed(0)} µs`;
  if (value < 1) return `${(value * 1000).toFixed(value < 0.01 ? 1 : 0)} ms`;
  if (value < 90) return `${value.toFixed(value < 10 ? 1 : 0)} s`;
  return `${Math.floor(value / 60)} min ${Math.round(value % 60)} s`;
}

export const durationSeconds = (duration: Duration | undefined) => (duration ? Number(duration.seconds) + duration.nanos / 1e9 : null);
