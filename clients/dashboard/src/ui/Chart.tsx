import { useEffect, useRef } from "preact/hooks";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

export interface Line {
  label: string;
  /** A custom property of the style sheet. */
  colour: string;
  width?: number;
  fill?: boolean;
}

/** So few are shown as points too: a line of two says little. */
const fewPoints = 24;

/** A curve over time shows so much of it, the newest at the right edge. */
const shownSeconds = 300;

const clock = new Intl.DateTimeFormat("en-GB", { timeStyle: "short" });

interface ChartProps {
  /** What it shows, for those who cannot see it. */
  label: string;
  /** x, then one list for each line; null is a gap. */
  data: (number | null)[][];
  lines: Line[];
  format: (value: number) => string;
  /** Seconds of the day, or plain numbers. */
  time?: boolean;
  height?: number;
  /** The y axis holds this in any case. */
  atLeast?: number;
  /** And nothing above this. */
  atMost?: number;
  xLabel?: (value: number) => string;
}

/** A line chart by uPlot, painted in the colours of the theme. */
export function Chart({ label, data, lines, format, time = false, height = 180, atLeast = 0, atMost = Infinity, xLabel }: ChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = place.current!;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new uPlot(options(element, { lines, format, time, height, atLeast, atMost, xLabel }), latest.current as uPlot.AlignedData, element);
    };
    const resize = new ResizeObserver(() => {
      if (plot.current && plot.current.width !== element.clientWidth) plot.current.setSize({ width: element.clientWidth, height });
    });
    const scheme = matchMedia("(prefers-color-scheme: dark)");
    draw();
    resize.observe(element);
    scheme.addEventListener("change", draw);
    document.documentElement.addEventListener("themechange", draw);
    return () => {
      resize.disconnect();
      scheme.removeEventListener("change", draw);
      document.documentElement.removeEventListener("themechange", draw);
      plot.current?.destroy();
      plot.current = null;
    };
  }, [lines.map((line) => line.label).join(), height]);

  useEffect(() => plot.current?.setData(data as uPlot.AlignedData), [data]);
  return <div class="chart" ref={place} role="img" aria-label={label} />;
}

function options(element: HTMLElement, { lines, format, time, height, atLeast, atMost, xLabel }: Required<Omit<ChartProps, "label" | "data" | "xLabel">> & Pick<ChartProps, "xLabel">): uPlot.Options {
  const style = getComputedStyle(element);
  // A canvas knows no custom properties: the element takes each colour on for a moment.
  const colour = (name: string) => {
    element.style.color = `var(${name})`;
    const resolved = style.color;
    element.style.color = "";
    return resolved;
  };
  const axis: uPlot.Axis = {
    stroke: colour("--muted"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { show: false },
    font: `11px ${style.fontFamily}`,
    gap: 6,
  };
  return {
    width: element.clientWidth,
    height,
    padding: [10, 16, 0, 0],
    cursor: { y: false, points: { size: 6 } },
    legend: { show: lines.length > 1, live: true, markers: { width: 0, fill: (_, series) => colour(lines[series - 1]?.colour ?? "--muted") } },
    scales: {
      x: time ? { time, range: lastMinutes } : { time },
      y: { range: (_, low, high) => [Math.min(0, low ?? 0), Math.min(atMost, Math.max(atLeast, (high ?? 0) * 1.08) || 1)] },
    },
    axes: [
      { ...axis, size: 26, values: (_, values) => values.map((value) => (time ? clock.format(value * 1000) : (xLabel?.(value) ?? `${value}`))), space: 70 },
      { ...axis, size: 56, values: (_, values) => values.map(format), space: 36 },
    ],
    series: [
      { label: time ? "time" : "x", value: (_, value) => (value === null ? "–" : time ? new Date(value * 1000).toLocaleTimeString() : (xLabel?.(value) ?? `${value}`)) },
      ...lines.map((line) => ({
        label: line.label,
        stroke: colour(line.colour),
        width: line.width ?? 1.75,
        fill: line.fill ? faint(colour(line.colour)) : undefined,
        points: { show: (plot: uPlot) => plot.data[0].length <= fewPoints },
        // Where nobody points at a moment, the last one is told.
        value: (plot: uPlot, value: number | null, series: number, index: number | null) => told(index === null ? plot.data[series]?.at(-1) : value, format),
      })),
    ],
  };
}

function lastMinutes({ data: [times] }: uPlot): [number, number] {
  const newest = times.at(-1) ?? 0;
  return [newest - shownSeconds, newest];
}

const told = (value: number | null | undefined, format: (value: number) => string) => (value === null || value === undefined ? "–" : format(value));

// From rgb(1, 2, 3).
const faint = (colour: string) => colour.replace("rgb(", "rgba(").replace(")", ", 0.12)");
