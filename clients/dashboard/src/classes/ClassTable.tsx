import { useState } from "preact/hooks";
import { count, percent } from "../ui/format";
import { Badge, Bar, Card } from "../ui/parts";
import { type ClassReport, type DifficultyReport } from "./report";

type Order = "name" | "examples" | "residualSize" | "accuracy";

const columns: { order: Order; text: string; title?: string }[] = [
  { order: "name", text: "Class" },
  { order: "examples", text: "Examples" },
  { order: "residualSize", text: "‖x‖/‖t‖", title: "How far training moved the class from its text" },
  { order: "accuracy", text: "Accuracy", title: "With its 95 % interval, on the images dropped here, before that on examples held out" },
];

export function ClassTable({ report, fromPrompts }: { report: DifficultyReport; fromPrompts: boolean }) {
  const [order, setOrder] = useState<Order>("name");
  const largest = Math.max(1e-9, ...report.classes.map(({ residualSize }) => residualSize));
  return (
    <Card wide title="Class by class">
      <div class="table">
        <table class="classes">
          <thead>
            <tr>
              {columns.map(({ order: column, text, title }) => (
                <th key={column} scope="col" class={column === "examples" ? "num spare" : undefined} aria-sort={column === order ? (column === "name" || column === "accuracy" ? "ascending" : "descending") : undefined}>
                  <button type="button" class="sort" title={title} onClick={() => setOrder(column)}>
                    {text}
                  </button>
                </th>
              ))}
              <th scope="col" class="num spare">
                {fromPrompts ? "Zero-shot" : "Base"}
              </th>
              <th scope="col" class="spare">
                Taken for
              </th>
            </tr>
          </thead>
          <tbody>
            {[...report.classes].sort(by(order)).map((row) => (
              <tr key={row.name}>
                <th scope="row">
                  {row.name}
                  {row.needsMore && (
                    <span class="block">
                      <Badge tone="warn">more images</Badge> <span class="muted small">{row.needsMore}</span>
                    </span>
                  )}
                </th>
                <td class="num spare">{count(row.examples)}</td>
                <td>
                  <span class="bar-cell">
                    <Bar share={row.residualSize / largest} />
                    <span class="num">{row.residualSize.toFixed(3)}</span>
                  </span>
                </td>
                <td>
                  {row.accuracy === null ? (
                    <span class="muted">–</span>
                  ) : (
                    <span class="bar-cell" title={`${percent(row.interval![0], 0)} to ${percent(row.interval![1], 0)} of ${row.images}`}>
                      <Bar share={row.accuracy} tone={row.needsMore ? "warn" : "good"} />
                      <span class="num">{percent(row.accuracy, 0)}</span>
                    </span>
                  )}
                </td>
                <td class="num spare">{percent(row.baseAccuracy, 0)}</td>
                <td class="spare muted">{row.confusions.map(({ name, count: times }) => `${name} ${times}×`).join(", ") || "–"}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function by(order: Order) {
  return (a: ClassReport, b: ClassReport): number => {
    if (order === "name") return a.name.localeCompare(b.name);
    // The hardest first; those without a figure last.
    if (order === "accuracy") return (a.accuracy ?? 2) - (b.accuracy ?? 2);
    return b[order] - a[order];
  };
}
